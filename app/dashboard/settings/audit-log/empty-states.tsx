import { Fragment, type ReactNode } from "react";
import { Empty } from "@/components/ui/empty";
import { formatDay } from "@/lib/format";
import type { AuditSearch } from "./search";
import { subjectName } from "./words";

/** Filters match no entry: which ones, and what clears them. */
export function NothingMatches({
  search: { what, from, to, q },
  actorName,
  clear,
}: {
  search: AuditSearch;
  actorName: string | undefined;
  clear: ReactNode;
}) {
  return (
    <Empty title="Nothing matches" action={clear}>
      No entry
      {actorName === undefined ? null : (
        <>
          {" "}
          by <strong>{actorName}</strong>
        </>
      )}
      {what === undefined ? null : (
        <>
          {" "}
          about <strong>{subjectName(what).toLowerCase()}</strong>
        </>
      )}
      {q === undefined ? null : (
        <>
          {" "}
          with <strong className="wrap-anywhere">{q}</strong>
        </>
      )}
      {from ? ` from ${formatDay(from)}` : ""}
      {to ? ` to ${formatDay(to)}` : ""}.
    </Empty>
  );
}

const FACTS = [
  {
    name: "Recorded",
    text: "Keys, limits, projects, members, purchases, top-up, webhooks, management keys, exports, sign-in methods",
  },
  {
    name: "Never recorded",
    text: "Content of requests and responses, API keys, webhook secrets",
  },
];

/** Nothing was changed yet in the account. */
export function NoEntries() {
  return (
    <Empty
      title="No entries yet"
      action={
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] border-y border-line text-sm *:border-line *:py-2 *:nth-[n+3]:border-t">
          {FACTS.map(({ name, text }) => (
            <Fragment key={name}>
              <dt className="pr-6 text-muted">{name}</dt>
              <dd>{text}</dd>
            </Fragment>
          ))}
        </dl>
      }
    >
      The first key, limit, invitation or purchase appears here a moment after it happens, with who
      did it and from where. Entries are kept for one year and can be exported.
    </Empty>
  );
}
