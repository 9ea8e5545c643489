import type { Metadata } from "next";
import { ConfirmKey } from "@/components/dashboard/confirm-key";
import { ManagementKeyForm } from "@/components/dashboard/management-key-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { RotateKey } from "@/components/dashboard/rotate-key";
import { Section } from "@/components/dashboard/section";
import { CodeBlock } from "@/components/ui/code-block";
import { Panel } from "@/components/ui/panel";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { requireMember } from "@/lib/auth/member";
import { now } from "@/lib/clock";
import { formatDay } from "@/lib/format";
import { listManagementKeys } from "@/lib/management-keys/queries";
import { liveOldSecrets, type ManagementKey } from "@/lib/management-keys/schema";
import { publicAddress } from "../../../public-address";
import { endText, overlapEnds } from "../../overlaps";
import { SettingsTabs } from "../tabs";
import {
  createManagementKeyAction,
  revokeManagementKeyAction,
  rotateManagementKeyAction,
} from "./actions";

export const metadata: Metadata = { title: "Management keys" };

const PAGE = "/dashboard/settings/management-keys";

export default async function ManagementKeysPage() {
  const { account } = await requireMember("integrations:view", PAGE);
  const [keys, address] = await Promise.all([listManagementKeys(account._id), publicAddress()]);
  const project = account.projects[0]?.id ?? "prj_…";
  const command = `curl ${address}/v1/manage/projects/${project}/keys \\
  -H "Authorization: Bearer $ONEKEY_MANAGEMENT_KEY" \\
  -H "Idempotency-Key: $(uuidgen)" \\
  -H "Content-Type: application/json" \\
  -d '{"name":"zendesk-sync","limits":{"credits_per_month":"20.00"}}'`;
  return (
    <>
      <PageHeader
        title="Settings"
        line="For programs that manage the account: projects, keys, limits, usage. They cannot call models."
      />
      <SettingsTabs current={PAGE} />
      <Section title="Management keys">
        {keys.length === 0 ? (
          <p className="max-w-prose text-muted">
            No management keys yet. One lets a program do what you do here: create and rotate keys
            of projects, set limits, read usage. It cannot call models, and a key of a project
            cannot manage.
          </p>
        ) : (
          <KeysTable keys={keys} baseUrl={`${address}/v1/manage`} />
        )}
      </Section>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-7 lg:grid-cols-2">
        <Panel title="Create a management key">
          <ManagementKeyForm action={createManagementKeyAction} baseUrl={`${address}/v1/manage`} />
        </Panel>
        <Section title="Use it">
          <CodeBlock name="curl" copy={command} />
        </Section>
      </div>
    </>
  );
}

function KeysTable({ keys, baseUrl }: { keys: ManagementKey[]; baseUrl: string }) {
  const time = now();
  return (
    <Table edge="flush" caption="Management keys">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Scopes</Th>
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
            </Td>
            <Td>{key.scopes.join(", ")}</Td>
            <Td wide className="wrap-anywhere">
              {key.creator.name}
              <Sub>{formatDay(key.createdAt)}</Sub>
            </Td>
            <Td wide muted={!key.lastUsedDay} className="whitespace-nowrap">
              {key.lastUsedDay ? formatDay(new Date(key.lastUsedDay)) : "Never"}
            </Td>
            <Td wide muted={!key.expiresAt} className="whitespace-nowrap">
              {key.expiresAt ? formatDay(key.expiresAt) : "Never"}
            </Td>
            <Td className="text-right">
              <RotateKey
                rotated={{
                  id: key._id,
                  name: key.name,
                  preview: key.preview,
                  lastHour: key.lastUsedDay
                    ? `Last used on ${formatDay(new Date(key.lastUsedDay))}.`
                    : "Never used.",
                }}
                baseUrl={baseUrl}
                ends={overlapEnds(time)}
                rotateKey={rotateManagementKeyAction}
                keeps="name, scopes, addresses and expiry"
                overlapNote="While both work, the audit log names them alike. Revoking the key ends both."
                variables={{ url: "ONEKEY_MANAGEMENT_URL", key: "ONEKEY_MANAGEMENT_KEY" }}
              />
              <ConfirmKey
                action={revokeManagementKeyAction}
                keyId={key._id}
                label={
                  <>
                    Revoke<span className="sr-only"> {key.name}</span>
                  </>
                }
                title={`Revoke ${key.name}?`}
                consequence={`Requests with ${key.preview}${liveOldSecrets(key, time).length > 0 ? " and its old secrets" : ""} are refused from the moment you press Revoke. This cannot be undone.`}
                confirm="Revoke key"
                busyLabel="Revoking"
              />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
