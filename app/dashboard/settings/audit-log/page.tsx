import type { Metadata } from "next";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { buttonStyle } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { countAuditEntries, listActors, listAuditEntries } from "@/lib/audit-log/queries";
import { requireMember } from "@/lib/auth/member";
import { formatCount } from "@/lib/format";
import { SettingsTabs } from "../tabs";
import { NoEntries, NothingMatches } from "./empty-states";
import { EntriesTable } from "./entries-table";
import { ExportMenu } from "./export-menu";
import { Filters } from "./filters";
import { NewerEntries } from "./newer-entries";
import { addressOf, AuditSearch, filterOf } from "./search";

export const metadata: Metadata = { title: "Audit log" };

const PAGE = "/dashboard/settings/audit-log";
const PAGE_ENTRIES = 50;

export default async function AuditLogPage({
  searchParams,
}: PageProps<"/dashboard/settings/audit-log">) {
  const { account, role } = await requireMember("auditLog:view", PAGE);
  const search = AuditSearch.parse(await searchParams);
  const filter = filterOf({ accountId: account._id, role }, search);
  const [listing, total, actors] = await Promise.all([
    listAuditEntries({
      ...filter,
      before: search.before,
      after: search.after,
      limit: PAGE_ENTRIES,
    }),
    countAuditEntries(filter),
    listActors(account._id),
  ]);
  // Going to newer entries ends at the first page, which is complete.
  const isFirst = search.before === undefined && listing.length < PAGE_ENTRIES;
  const entries =
    search.after !== undefined && isFirst
      ? await listAuditEntries({ ...filter, limit: PAGE_ENTRIES })
      : listing;
  const [first, last] = [entries[0], entries.at(-1)];
  const newerCount = first ? await countAuditEntries({ ...filter, newerThan: first }) : 0;
  const end = newerCount + entries.length;
  const hasFilter = addressOf(search, PAGE) !== PAGE;
  return (
    <>
      <PageHeader
        title="Settings"
        line="Who changed what in this account, and from where. Kept for one year. Request and response content is never recorded."
        action={
          total === 0 ? null : (
            <ExportMenu
              csvHref={addressOf(search, `${PAGE}/export`, { format: "csv" })}
              jsonHref={addressOf(search, `${PAGE}/export`, { format: "json" })}
              completeHref={hasFilter ? `${PAGE}/export?format=json` : null}
              countText={`${formatCount(total)} ${total === 1 ? "entry" : "entries"}`}
            />
          )
        }
      />
      <SettingsTabs current={PAGE} viewerRole={role} />
      {total === 0 && !hasFilter ? null : <Filters search={search} actors={actors} />}
      {entries.length === 0 ? (
        <div className="rounded-lg border border-line max-md:px-4">
          {hasFilter ? (
            <NothingMatches
              search={search}
              actorName={actors.find(({ id }) => id === search.who)?.name ?? search.who}
              clear={
                <Link href={PAGE} className={buttonStyle({ size: "sm" })}>
                  Clear filters
                </Link>
              }
            />
          ) : (
            <NoEntries />
          )}
        </div>
      ) : (
        <Section
          title="What changed"
          action={
            <span className="text-sm text-muted tabular-nums">
              {formatCount(total)} {hasFilter ? "in this range" : "in the last year"}
            </span>
          }
        >
          {newerCount === 0 && first ? (
            <NewerEntries countHref={addressOf(search, `${PAGE}/newer`, { after: first })} />
          ) : null}
          <EntriesTable entries={entries} projectIds={account.projects.map(({ id }) => id)} />
          <nav
            aria-label="Pages"
            className="flex flex-wrap items-center justify-between gap-2 text-sm text-muted"
          >
            <span className="tabular-nums">
              {formatCount(newerCount + 1)} to {formatCount(end)} of {formatCount(total)}
            </span>
            <span className="flex gap-2">
              <PageLink
                name="Newer"
                href={newerCount > 0 && first ? addressOf(search, PAGE, { after: first }) : null}
              />
              <PageLink
                name="Older"
                href={end < total && last ? addressOf(search, PAGE, { before: last }) : null}
              />
            </span>
          </nav>
        </Section>
      )}
    </>
  );
}

function PageLink({ name, href }: { name: string; href: string | null }) {
  const className = buttonStyle({ size: "sm" });
  return href === null ? (
    <button type="button" disabled className={className}>
      {name}
    </button>
  ) : (
    <Link href={href} prefetch={false} className={className}>
      {name}
    </Link>
  );
}
