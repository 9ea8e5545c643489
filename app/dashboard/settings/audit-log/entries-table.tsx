import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { AuditActor, AuditEntry } from "@/lib/audit-log/schema";
import { formatDay, formatTime } from "@/lib/format";
import { sentenceOf } from "./words";

const ACTOR_KINDS: Record<AuditActor["kind"], string> = {
  person: "owner",
  management_key: "management key",
  operator: "operator",
  service: "service",
};

/** Entries of the audit log; each opens to its details where it has some. */
export function EntriesTable({ entries }: { entries: AuditEntry[] }) {
  return (
    <Table edge="flush" caption="Audit log, newest first">
      <thead>
        <tr>
          <Th>Time (UTC)</Th>
          <Th wide>Who</Th>
          <Th>What</Th>
          <Th wide>From</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry._id} className="align-top">
            <Td className="whitespace-nowrap tabular-nums">
              {formatDay(entry.at)}
              <Sub>{formatTime(entry.at)}</Sub>
            </Td>
            <Td wide className="wrap-anywhere">
              {entry.actor.name}
              <Sub>{ACTOR_KINDS[entry.actor.kind]}</Sub>
            </Td>
            <Td className="wrap-anywhere">
              <What entry={entry} />
            </Td>
            <Td wide className="wrap-anywhere">
              <From entry={entry} />
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function What({ entry }: { entry: AuditEntry }) {
  const { changes, type, done: isDone } = entry;
  const text = (
    <>
      <span className="md:hidden">{entry.actor.name} </span>
      {sentenceOf(entry)}
    </>
  );
  return (
    <>
      {changes.length === 0 ? (
        text
      ) : (
        <details>
          <summary className="cursor-pointer">{text}</summary>
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
            {changes.map(({ name, before, after }) => (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="tabular-nums">
                  {before === null ? null : <s className="text-muted">{before}</s>}{" "}
                  {after ?? "none"}
                </dd>
              </div>
            ))}
            <dt className="text-muted">Entry</dt>
            <dd className="font-mono">{entry._id}</dd>
            <dt className="text-muted md:hidden">From</dt>
            <dd className="md:hidden">
              <From entry={entry} />
            </dd>
          </dl>
        </details>
      )}
      <Sub className="font-mono">{type}</Sub>
      {isDone ? null : <Badge tone="warning">may not be finished</Badge>}
    </>
  );
}

function From({ entry: { address, client } }: { entry: AuditEntry }) {
  if (address === "" && client === "") return <span className="text-muted">—</span>;
  return (
    <>
      <span className="tabular-nums">{address}</span>
      <Sub>{client}</Sub>
    </>
  );
}
