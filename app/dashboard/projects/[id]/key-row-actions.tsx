import { ConfirmKey } from "@/components/dashboard/confirm-key";
import { RotateKey } from "@/components/dashboard/rotate-key";
import { overlapEnds } from "../../overlaps";
import { revokeKeyAction, rotateKeyAction } from "../key-actions";
import { requestsText, type KeyRow } from "../project";

/** Rotates or revokes a key. */
export function KeyActions({ row, now, baseUrl }: { row: KeyRow; now: number; baseUrl: string }) {
  const { key, live, lastHour } = row;
  const preview = live.at(-1)?.preview ?? "";
  const use = `${requestsText(lastHour)} used it in the last hour.`;
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-1.5">
      <RotateKey
        rotated={{ id: key._id, name: key.name, preview, lastHour: use }}
        baseUrl={baseUrl}
        ends={overlapEnds(now)}
        rotateKey={rotateKeyAction}
      />
      <ConfirmKey
        action={revokeKeyAction}
        keyId={key._id}
        label={
          <>
            Revoke<span className="sr-only"> {key.name}</span>
          </>
        }
        title={`Revoke ${key.name}?`}
        consequence={`Requests with ${preview} are refused from the moment you press Revoke. ${use} Requests in flight finish and are charged. This cannot be undone.`}
        confirm="Revoke key"
        busyLabel="Revoking"
      />
    </span>
  );
}
