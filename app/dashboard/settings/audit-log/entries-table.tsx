import { ChevronRight } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Link } from "@/components/ui/link";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { AuditActor, AuditEntry } from "@/lib/audit-log/schema";
import { formatShortDay, formatTime } from "@/lib/format";
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
          <Th>Time (UTC)</Th>
          <Th wide>Who</Th>
          <Th>What</Th>
          <Th wide>From</Th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry._id} className="has-[details[open]]:[&>td]:bg-quiet">
            <Td className="whitespace-nowrap tabular-nums">
              <span className="text-muted">
                {formatShortDay(entry.at)} {entry.at.getUTCFullYear()}
              </span>
              <span className="max-md:block"> {formatTime(entry.at)}</span>
            </Td>
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
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function What({ entry, projectIds }: { entry: AuditEntry; projectIds: string[] }) {
  const { changes, type, done: isDone } = entry;
  return (
    <>
      <span className="text-muted md:hidden">{entry.actor.name} </span>
      <Sentence entry={entry} projectIds={projectIds} />
      <Sub className="font-mono">{type}</Sub>
      <details className={`group mt-1 ${changes.length === 0 ? "md:hidden" : ""}`}>
        <summary className="inline-flex cursor-pointer list-none items-center gap-1 text-muted hover:text-text [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden="true"
            className="size-3.5 stroke-[1.75] group-open:rotate-90"
          />
          Details<span className="sr-only"> of {entry._id}</span>
        </summary>
        <dl className="my-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1">
          {changes.map(({ name, before, after }) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="tabular-nums">
                <s className="text-muted">{before ?? "none"}</s>
                <span aria-hidden="true"> → </span>
                <span className="sr-only"> became </span>
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
      {isDone ? null : <Badge tone="warning">may not be finished</Badge>}
    </>
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
