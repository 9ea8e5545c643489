import { Download } from "lucide-react";
import type { Metadata } from "next";
import { DocumentLink, Link } from "@/components/ui/link";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { buttonStyle, Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { listActors, listAuditEntries } from "@/lib/audit-log/queries";
import { requireMember } from "@/lib/auth/member";
import { SettingsTabs } from "../tabs";
import { EntriesTable } from "./entries-table";
import { addressOf, AuditSearch, filterOf, SUBJECTS } from "./search";

export const metadata: Metadata = { title: "Audit log" };

const PAGE = "/dashboard/settings/audit-log";
const PAGE_ENTRIES = 50;

export default async function AuditLogPage({
  searchParams,
}: PageProps<"/dashboard/settings/audit-log">) {
  const { account, role } = await requireMember("auditLog:view", PAGE);
  const search = AuditSearch.parse(await searchParams);
  const [listing, actors] = await Promise.all([
    listAuditEntries({
      ...filterOf(account._id, search),
      before: search.before,
      limit: PAGE_ENTRIES + 1,
    }),
    listActors(account._id),
  ]);
  const entries = listing.slice(0, PAGE_ENTRIES);
  const last = listing.length > PAGE_ENTRIES ? entries.at(-1) : undefined;
  const hasFilter = addressOf(search, PAGE) !== PAGE;
  return (
    <>
      <PageHeader
        title="Settings"
        line="Who changed what in this account, and from where. Kept for one year. Request and response content is never recorded."
        action={
          <DocumentLink
            href={addressOf(search, `${PAGE}/export`)}
            download
            className={buttonStyle()}
          >
            <Download aria-hidden="true" />
            Export
          </DocumentLink>
        }
      />
      <SettingsTabs current={PAGE} viewerRole={role} />
      <Filters search={search} actors={actors} />
      {entries.length === 0 ? (
        <div className="rounded-lg border border-line max-md:px-4">
          {hasFilter ? (
            <Empty
              title="Nothing matches"
              action={
                <Link href={PAGE} className={buttonStyle({ size: "sm" })}>
                  Clear filters
                </Link>
              }
            >
              No entry of this person, kind and range.
            </Empty>
          ) : (
            <Empty title="No entries yet">
              The first key, limit or purchase appears here a moment after it happens, with who did
              it and from where. Entries are kept for one year and can be exported.
            </Empty>
          )}
        </div>
      ) : (
        <Section title="What changed">
          <EntriesTable entries={entries} projectIds={account.projects.map(({ id }) => id)} />
        </Section>
      )}
      <nav aria-label="Pages" className="flex justify-end gap-2 empty:hidden">
        {search.before === undefined ? null : (
          <Link
            href={addressOf(search, PAGE)}
            prefetch={false}
            className={buttonStyle({ size: "sm" })}
          >
            Newest
          </Link>
        )}
        {last === undefined ? null : (
          <Link
            href={addressOf(search, PAGE, last)}
            prefetch={false}
            className={buttonStyle({ size: "sm" })}
          >
            Older
          </Link>
        )}
      </nav>
    </>
  );
}

const dayText = (at: Date | undefined) => at?.toISOString().slice(0, 10) ?? "";

function Filters({
  search,
  actors,
}: {
  search: AuditSearch;
  actors: { id: string; name: string }[];
}) {
  return (
    <form action={PAGE} className="flex flex-wrap items-center gap-2">
      <NativeSelect
        label="Who"
        name="who"
        value={search.who ?? ""}
        options={[
          { value: "", label: "Anyone" },
          ...actors.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        label="What"
        name="what"
        value={search.what ?? ""}
        options={[
          { value: "", label: "Anything" },
          ...SUBJECTS.map((subject) => ({ value: subject, label: subject.replaceAll("_", " ") })),
        ]}
      />
      <Input
        type="date"
        name="from"
        aria-label="From"
        defaultValue={dayText(search.from)}
        className="w-auto"
      />
      <Input
        type="date"
        name="to"
        aria-label="To"
        defaultValue={dayText(search.to)}
        className="w-auto"
      />
      <Button type="submit">Filter</Button>
    </form>
  );
}
