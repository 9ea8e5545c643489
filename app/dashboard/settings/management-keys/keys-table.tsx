import { Clock } from "lucide-react";
import { KeyActions } from "@/components/dashboard/key-actions";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { now } from "@/lib/clock";
import { formatCount, formatDay } from "@/lib/format";
import { liveOldSecrets, type ManagementKey } from "@/lib/management-keys/schema";
import { endText, overlapEnds } from "../../overlaps";
import { revokeManagementKeyAction, rotateManagementKeyAction } from "./actions";

const DAY_MS = 86_400_000;
const SOON_DAYS = 7;

/** The management keys that were not revoked, the newest first. */
export function ManagementKeysTable({
  keys,
  baseUrl,
  canManage,
}: {
  keys: ManagementKey[];
  baseUrl: string;
  /** Whether the role may rotate and revoke them. */
  canManage: boolean;
}) {
  const time = now();
  return (
    <Table edge="flush" caption="Management keys">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th wide>Scopes</Th>
          <Th wide>Created by</Th>
          <Th wide>Last used</Th>
          <Th wide>Expires</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key._id}>
            <Td className="font-medium wrap-anywhere">
              {key.name}
              <Sub className="font-mono whitespace-nowrap">{key.preview}</Sub>
              {liveOldSecrets(key, time).map(({ preview, endsAt }) => (
                <Sub key={preview}>
                  <code className="font-mono">{preview}</code> works until {endText(endsAt)} UTC
                </Sub>
              ))}
              <Scopes scopes={key.scopes} className="mt-1 md:hidden" />
            </Td>
            <Td wide>
              <Scopes scopes={key.scopes} />
            </Td>
            <Td wide className="wrap-anywhere">
              {key.creator.name}
              <Sub>{formatDay(key.createdAt)}</Sub>
            </Td>
            <Td wide muted={!key.lastUsedDay} className="whitespace-nowrap">
              {key.lastUsedDay ? formatDay(new Date(key.lastUsedDay)) : "Never"}
            </Td>
            <Td wide muted={!key.expiresAt} className="whitespace-nowrap">
              <Expiry at={key.expiresAt} time={time} />
            </Td>
            <Td className="py-1.5! text-right">
              {canManage ? (
                <ManagementKeyActions managementKey={key} baseUrl={baseUrl} time={time} />
              ) : null}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function ManagementKeyActions({
  managementKey,
  baseUrl,
  time,
}: {
  managementKey: ManagementKey;
  baseUrl: string;
  time: number;
}) {
  const { _id: id, name, preview, lastUsedDay } = managementKey;
  const hasOldSecrets = liveOldSecrets(managementKey, time).length > 0;
  return (
    <KeyActions
      rotate={{
        rotated: {
          id,
          name,
          preview,
          lastHour: lastUsedDay
            ? `Last used on ${formatDay(new Date(lastUsedDay))}.`
            : "Never used.",
        },
        baseUrl,
        ends: overlapEnds(time),
        rotateKey: rotateManagementKeyAction,
        keeps: "name, scopes, addresses and expiry",
        overlapNote: "While both work, the audit log names them alike. Revoking the key ends both.",
        variables: { url: "ONEKEY_MANAGEMENT_URL", key: "ONEKEY_MANAGEMENT_KEY" },
      }}
      revoke={revokeManagementKeyAction}
      consequence={`Requests with ${preview}${hasOldSecrets ? " and its old secrets" : ""} are refused from the moment you press Revoke. This cannot be undone.`}
    />
  );
}

function Scopes({ scopes, className = "" }: { scopes: string[]; className?: string }) {
  return (
    <span className={`flex flex-wrap gap-1 ${className}`}>
      {scopes.map((scope) => (
        <Badge key={scope} className="font-mono font-normal">
          {scope}
        </Badge>
      ))}
    </span>
  );
}

function Expiry({ at, time }: { at: Date | undefined; time: number }) {
  if (!at) return "Never";
  const days = Math.ceil((at.getTime() - time) / DAY_MS);
  return (
    <>
      {formatDay(at)}{" "}
      {days > SOON_DAYS ? null : (
        <Badge tone={days <= 0 ? "danger" : "warning"}>
          <Clock aria-hidden="true" />
          {days <= 0 ? "expired" : days === 1 ? "expires today" : `${formatCount(days)} days left`}
        </Badge>
      )}
    </>
  );
}
