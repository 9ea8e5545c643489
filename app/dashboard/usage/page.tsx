import { Download } from "lucide-react";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { PageHeader } from "@/components/dashboard/page-header";
import { buttonStyle } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Account } from "@/lib/accounts/schema";
import { findModel } from "@/lib/catalog/queries";
import { requireAccount } from "@/lib/auth/session";
import { AppError } from "@/lib/errors";
import { listCells } from "@/lib/usage/figures";
import { periodOf, lastDays, type UsagePeriod } from "@/lib/usage/period";
import { findOwnRow, listPage } from "@/lib/usage/rows";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { UsageChart } from "./chart";
import { Filters } from "./filters";
import { FirstRequest } from "./first-request";
import { GroupTable } from "./group-table";
import { isOwnProject, projectNames } from "./projects";
import { Requests } from "./requests";
import { addressOf, placeOf, UsageSearch } from "./search";
import { daysOf, groupsOf, sumOf } from "./series";

export const metadata: Metadata = { title: "Usage" };

const PAGE_ROWS = 50;

export default async function UsagePage({ searchParams }: PageProps<"/dashboard/usage">) {
  const account = await requireAccount("/dashboard/usage");
  const search = UsageSearch.parse(await searchParams);
  const { q, project: projectId } = search;
  if (q !== "" && (await findOwnRow({ accountId: account._id, requestId: q })))
    redirect(`/dashboard/usage/${q}`);
  if (projectId !== undefined && !(await isOwnProject(account, projectId))) notFound();
  const exportPath = addressOf({
    ...search,
    measure: "cost",
    by: "model",
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
          <>
            {(["csv", "json"] as const).map((format) => (
              <a key={format} href={exportAddress(exportPath, format)} className={buttonStyle()}>
                <Download aria-hidden="true" />
                Export {format.toUpperCase()}
              </a>
            ))}
          </>
        }
      />
      <Figures account={account} search={search} />
    </>
  );
}

async function Figures({ account, search }: { account: Account; search: UsageSearch }) {
  const { period, wrong } = safePeriod(search);
  const { project: projectId, model, ended: endedBy } = search;
  const accountId = account._id;
  const filter = { accountId, ...period, projectId, model, endedBy };
  const all = await listCells({ accountId, ...period });
  const cells = all.filter(
    (cell) =>
      (projectId === undefined || cell.projectId === projectId) &&
      (model === undefined || cell.model === model) &&
      (endedBy === undefined || cell.endedBy === endedBy),
  );
  const days = cells.map((cell) => cell.day);
  const [before, after] = [placeOf(search.before), placeOf(search.after)];
  const page = await listPage({ filter, days, limit: PAGE_ROWS, before, after });
  const nameOf = projectNames(account);
  const groups = groupsOf(
    cells,
    search,
    search.by === "model" ? (id) => findModel(id)?.name ?? id : nameOf,
  );
  const projectIds = [
    ...new Set([...account.projects.map(({ id }) => id), ...all.map((cell) => cell.projectId)]),
  ];
  const models = [
    ...new Set([...all.map((cell) => cell.model), ...(model === undefined ? [] : [model])]),
  ].toSorted();
  return (
    <>
      <Filters
        search={search}
        period={period}
        projects={projectIds.map((id) => ({ value: id, label: nameOf(id) }))}
        models={models}
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
      {all.length === 0 && page.rows.length === 0 ? (
        <FirstRequest account={account} period={period} />
      ) : (
        <>
          <UsageChart
            search={search}
            period={period}
            groups={groups}
            days={daysOf({ cells, groups, period, search })}
          />
          {groups.length === 0 ? null : <GroupTable groups={groups} search={search} />}
          <Requests
            total={sumOf(groups).requests}
            page={page}
            search={search}
            projectName={nameOf}
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
