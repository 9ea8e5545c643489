import { DocumentLink } from "@/components/ui/link";
import { Download } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { PageHeader } from "@/components/dashboard/page-header";
import { DetailsMenu } from "@/components/ui/details-menu";
import { Notice } from "@/components/ui/notice";
import type { Account } from "@/lib/accounts/schema";
import { dashboardPath, requireMember } from "@/lib/auth/member";
import { AppError } from "@/lib/errors";
import { firstRow } from "@/lib/usage/activity";
import { periodOf, lastDays, type UsagePeriod } from "@/lib/usage/period";
import { findOwnRow, listPage } from "@/lib/usage/rows";
import { EndedBy, isError, RETENTION_DAYS } from "@/lib/usage/schema";
import { recentCells, recentInsights } from "../figures";
import { UsageChart } from "./chart";
import { colorsOf } from "./colors";
import { Filters } from "./filters";
import { FirstRequest } from "./first-request";
import { GroupTable } from "./group-table";
import { loadUsage } from "./load";
import { isOwnProject, keyNames, projectNames } from "./projects";
import { Requests } from "./requests";
import { addressOf, placeOf, UsageSearch } from "./search";
import { MeasureStrip } from "./strip";

export const metadata: Metadata = { title: "Usage" };

const PAGE_ROWS = 50;

const exportFormats = [
  { format: "csv", name: "CSV", note: "The rows of the filters, for a spreadsheet" },
  { format: "json", name: "JSON", note: "The same rows, with all their fields" },
];

export default async function UsagePage({ searchParams }: PageProps<"/dashboard/usage">) {
  const { account } = await requireMember("usage:view", "/dashboard/usage");
  const search = UsageSearch.parse(await searchParams);
  const { q, project: projectId } = search;
  if (q !== "" && (await findOwnRow({ accountId: account._id, requestId: q })))
    redirect(await dashboardPath(`/dashboard/usage/${q}`));
  if (projectId !== undefined && !(await isOwnProject(account, projectId))) notFound();
  const exportPath = addressOf({
    ...search,
    measure: "cost",
    by: "model",
    compare: "on",
    before: undefined,
    after: undefined,
    q: "",
  });
  return (
    <>
      <PageHeader
        title="Usage"
        line={`These rows are everything that OneKey stores about your requests. Content is not stored. Rows are deleted after ${RETENTION_DAYS} days.`}
        action={
          <DetailsMenu
            label={
              <>
                <Download aria-hidden="true" />
                Export
              </>
            }
            className="right-0 min-w-56 p-1 max-md:right-auto max-md:left-0"
          >
            {exportFormats.map(({ format, name, note }) => (
              <DocumentLink
                key={format}
                href={exportAddress(exportPath, format)}
                className="block rounded-sm px-2 py-1.5 text-sm hover:bg-hover"
              >
                {name}
                <small className="block text-xs text-muted">{note}</small>
              </DocumentLink>
            ))}
          </DetailsMenu>
        }
      />
      <Figures account={account} search={search} />
    </>
  );
}

async function Figures({ account, search }: { account: Account; search: UsageSearch }) {
  const { period, wrong } = safePeriod(search);
  const accountId = account._id;
  const nameOf = projectNames(account);
  const keyName = await keyNames(account);
  const view = await loadUsage({
    accountId,
    recent: await recentInsights(accountId),
    search,
    period,
    projectName: nameOf,
    keyName,
  });
  const { project: projectId, model, ended: endedBy, provider, endpoint, key: keyId } = search;
  // Whoever looks at errors reads the requests that had one.
  const areErrors = search.measure === "errors" && endedBy === undefined;
  const endings = areErrors ? EndedBy.options.filter(isError) : undefined;
  const scope = { projectId, model, endedBy, endings, provider, endpoint, keyId };
  const filter = { accountId, ...period, ...scope };
  const [before, after] = [placeOf(search.before), placeOf(search.after)];
  const page = await listPage({
    filter,
    days: areErrors ? view.errorDays : view.days,
    limit: PAGE_ROWS,
    before,
    after,
  });
  const ids = view.groups.map(({ id }) => id);
  const colorOf = colorsOf(search.by, await recentCells(accountId), ids);
  return (
    <>
      <Filters
        search={search}
        period={period}
        choices={view.choices}
        keyName={keyName}
        projects={[
          ...new Set([...account.projects.map(({ id }) => id), ...view.choices.project]),
        ].map((id) => ({ value: id, label: nameOf(id) }))}
      />
      {wrong === null ? null : (
        <Notice tone="danger" live>
          {wrong} The page shows the last 30 days instead.
        </Notice>
      )}
      {search.q === "" ? null : (
        <Notice live>
          There is no request with the id{" "}
          <code className="font-mono wrap-anywhere">{search.q}</code> of yours in the last{" "}
          {RETENTION_DAYS} days.
        </Notice>
      )}
      {view.isEmpty && page.rows.length === 0 ? (
        <FirstRequest
          account={account}
          range={search.range}
          period={period}
          hasOtherRows={(await firstRow(accountId)) !== null}
        />
      ) : (
        <>
          <MeasureStrip view={view} search={search} />
          <UsageChart view={view} search={search} colorOf={colorOf} />
          {view.groups.length === 0 ? null : (
            <GroupTable view={view} search={search} colorOf={colorOf} />
          )}
          <Requests
            title={areErrors ? "Requests with errors" : "Requests"}
            total={areErrors ? view.total.errors : view.total.figures.requests}
            page={page}
            search={search}
            projectName={nameOf}
            keyName={keyName}
          />
        </>
      )}
    </>
  );
}

function safePeriod(search: UsageSearch): { period: UsagePeriod; wrong: string | null } {
  try {
    return { period: periodOf(search), wrong: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { period: lastDays(30), wrong: error.message };
  }
}

const exportAddress = (address: string, format: string) => {
  const [path = "", query] = address.split("?");
  return `${path}/export?format=${format}${query === undefined ? "" : `&${query}`}`;
};
