import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { AuditActor, AuditEntry } from "@/lib/audit-log/schema";
import { formatShortDay, formatTime } from "@/lib/format";
import { EntryRows } from "./entry-rows";
import { sentenceParts } from "./words";

const ACTOR_KINDS: Record<AuditActor["kind"], string> = {
  person: "person",
  management_key: "management key",
  operator: "operator",
  service: "service",
};

interface Props {
  entries: AuditEntry[];
  /** The projects that still exist, to which entries link. */
  projectIds: string[];
}

/** Entries of the audit log; each opens to its details where it has some. */
export function EntriesTable({ entries, projectIds }: Props) {
  return (
    <Table edge="flush" caption="Audit log, newest first">
      <thead>
        <tr>
          <Th>
            <span className="pl-3.5">Time (UTC)</span>
          </Th>
          <Th wide>Who</Th>
          <Th>What</Th>
          <Th wide>From</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <EntryRows
            key={entry._id}
            columns={4}
            time={
              <>
                <span className="text-muted">
                  {formatShortDay(entry.at)} {entry.at.getUTCFullYear()}
                </span>
                <span className="max-md:block"> {formatTime(entry.at)}</span>
              </>
            }
            cells={
              <>
                <Td wide className="wrap-anywhere">
                  {entry.actor.name}
                  <Sub>{entry.actor.role ?? ACTOR_KINDS[entry.actor.kind]}</Sub>
                </Td>
                <Td className="wrap-anywhere">
                  <What entry={entry} projectIds={projectIds} />
                </Td>
                <Td wide className="wrap-anywhere">
                  <From entry={entry} />
                </Td>
              </>
            }
            details={<Details entry={entry} />}
          />
        ))}
      </tbody>
    </Table>
  );
}

function What({ entry, projectIds }: { entry: AuditEntry; projectIds: string[] }) {
  return (
    <>
      <span className="text-muted md:hidden">{entry.actor.name} </span>
      <Sentence entry={entry} projectIds={projectIds} />
      <Sub className="font-mono">{entry.type}</Sub>
      {entry.done ? null : <Badge tone="warning">may not be finished</Badge>}
    </>
  );
}

/** What was changed, before and after, and the entry's id; on phones also where it came from. */
function Details({ entry }: { entry: AuditEntry }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1 pb-2">
      {entry.changes.map(({ name, before, after }, index) => (
        <div key={`${index} ${name}`} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="wrap-anywhere tabular-nums">
            <s className="text-muted">{before ?? "none"}</s>
            <span aria-hidden="true"> → </span>
            <span className="sr-only"> became </span>
            {after ?? "none"}
          </dd>
        </div>
      ))}
      <dt className="text-muted">Entry</dt>
      <dd className="font-mono wrap-anywhere">{entry._id}</dd>
      <dt className="text-muted md:hidden">From</dt>
      <dd className="md:hidden">
        <From entry={entry} />
      </dd>
    </dl>
  );
}

/** What was done, with a link to what it was done to as long as that exists. */
function Sentence({ entry, projectIds }: { entry: AuditEntry; projectIds: string[] }) {
  const { verb, object } = sentenceParts(entry);
  const href = hrefOf(entry, projectIds);
  return (
    <>
      {verb}{" "}
      {href === null ? (
        object
      ) : (
        <Link href={href} prefetch={false} className="link">
          {object}
        </Link>
      )}
    </>
  );
}

function hrefOf({ target }: AuditEntry, projectIds: string[]): string | null {
  const { id = "", projectId } = target ?? {};
  if (projectId === undefined || !projectIds.includes(projectId)) return null;
  const project = `/dashboard/projects/${projectId}`;
  return id.startsWith("key_") ? `${project}/keys/${id}` : project;
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
