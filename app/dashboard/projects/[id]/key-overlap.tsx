import { ConfirmKey } from "@/components/dashboard/confirm-key";
import { Td } from "@/components/ui/table";
import { Track } from "@/components/ui/track";
import { formatRemaining, formatShortDay, formatTime } from "@/lib/format";
import { endOverlapAction } from "../key-actions";
import { requestsText, type KeyRow } from "../project";

const momentOf = (at: Date) => `${formatShortDay(at)}, ${formatTime(at).slice(0, 5)}`;

/** A key with an old secret that still works: until when, and a button that ends it now. */
export function KeyOverlap({
  row: { key, live, lastHour },
  now,
  columns,
  canManage,
}: {
  row: KeyRow;
  now: number;
  columns: number;
  canManage: boolean;
}) {
  const [old, current] = [live[0], live.at(-1)];
  if (!old || !current) return null;
  const { endsAt } = old;
  const remaining = endsAt ? formatRemaining(endsAt.getTime() - now) : "";
  return (
    <tr>
      <Td colSpan={columns} className="pt-0!">
        <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 rounded-md border border-line bg-quiet px-3.5 py-3">
          <div className="grid gap-1">
            <strong className="font-medium">
              {endsAt ? `The old key works for ${remaining} more.` : "The old key still works."}
            </strong>
            <span className="text-muted">
              <code className="font-mono">{old.preview}</code> and the new key are both accepted.{" "}
              {requestsText(lastHour)} used them in the last hour.
            </span>
          </div>
          <div className="min-w-80 flex-1">
            <Track
              label="Rotation"
              steps={[
                { name: "Rotated", note: momentOf(current.createdAt), state: "done" },
                { name: "Both keys work", note: "one set of limits", state: "now" },
                {
                  name: "Old key refused",
                  ...(endsAt ? { note: momentOf(endsAt) } : {}),
                  state: "todo",
                },
              ]}
            />
          </div>
          {canManage ? (
            <ConfirmKey
              action={endOverlapAction}
              keyId={key._id}
              label="End overlap now"
              title="End the overlap now?"
              consequence={
                <>
                  Requests with <code className="font-mono">{old.preview}</code> are refused from
                  the moment you press End.
                </>
              }
              confirm="End overlap"
              busyLabel="Ending"
            />
          ) : null}
        </div>
      </Td>
    </tr>
  );
}
