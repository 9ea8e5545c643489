import type { Metadata } from "next";
import { Link } from "@/components/ui/link";
import { balanceTone, HeldNote, type BalanceView } from "@/components/dashboard/balance";
import { GettingStarted } from "@/components/dashboard/getting-started";
import { Late } from "@/components/dashboard/late";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { buttonStyle } from "@/components/ui/button";
import { FigureStrip, type StripFigure } from "@/components/ui/figure-strip";
import { ChartSkeleton, FiguresSkeleton } from "@/components/ui/skeleton";
import type { Account } from "@/lib/accounts/schema";
import { requireMember } from "@/lib/auth/member";
import { formatCents, formatCount, formatLongDay, roundToMicro } from "@/lib/format";
import type { UsageCell } from "@/lib/usage/figures";
import { lastDays } from "@/lib/usage/period";
import { listPage, type RowPage } from "@/lib/usage/rows";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { balanceOf, recentCells, since, totalsOf } from "./figures";
import { CatalogNotices } from "./catalog-notices";
import { FirstSessionPanel, isFirstSession } from "./first-session";
import { firstSteps } from "./first-steps";
import { FreeWithheld } from "./free-withheld";
import { isSoftNavigation } from "./soft-navigation";
import { SpendByDay, DaySpan } from "./spend-by-day";
import { projectNames } from "./usage/projects";
import { RequestTable } from "./usage/request-table";

export const metadata: Metadata = { title: "Overview" };

const RECENT_ROWS = 8;
const TERMS = ["Available", "Spent today", "Spent in 30 days", "Lasts about"];

export default async function OverviewPage({ searchParams }: PageProps<"/dashboard">) {
  const { account } = await requireMember("usage:view", "/dashboard");
  const span = DaySpan.parse((await searchParams).days);
  const period = lastDays(RETENTION_DAYS);
  const page = listPage({ filter: { accountId: account._id, ...period }, limit: RECENT_ROWS });
  const isComplete = !(await isSoftNavigation());
  return (
    <>
      <PageHeader
        title="Overview"
        line={`${formatLongDay(period.to)}, times in UTC`}
        action={
          <Link href="/dashboard/usage" prefetch={false} className={buttonStyle()}>
            View usage
          </Link>
        }
      />
      <CatalogNotices accountId={account._id} />
      <FreeWithheld account={account} />
      <Late isComplete={isComplete} fallback={<FiguresSkeleton shape="strip" terms={TERMS} />}>
        <Panels account={account} span={span} page={page} isComplete={isComplete} />
      </Late>
    </>
  );
}

interface PanelsProps {
  account: Account;
  span: DaySpan;
  page: Promise<RowPage>;
  isComplete: boolean;
}

/** The first session, or the figures, each panel as soon as its own are read. */
async function Panels({ account, span, page, isComplete }: PanelsProps) {
  const { rows } = await page;
  if (isFirstSession(rows, account)) return <FirstSessionPanel account={account} rows={rows} />;
  return (
    <>
      <Late isComplete={isComplete} fallback={<FiguresSkeleton shape="strip" terms={TERMS} />}>
        <Figures account={account} />
      </Late>
      <Late isComplete={isComplete} fallback={<ChartSkeleton title="Spend per day" />}>
        <ChartAndSteps account={account} span={span} />
      </Late>
      <Section
        title="Recent requests"
        action={
          <Link href="/dashboard/usage" prefetch={false} className="link text-sm">
            All requests
          </Link>
        }
      >
        <RequestTable rows={rows} projectName={projectNames(account)} />
      </Section>
    </>
  );
}

async function Figures({ account }: { account: Account }) {
  const [cells, balance] = await Promise.all([recentCells(account._id), balanceOf(account)]);
  return <FigureStrip figures={figuresOf(balance, cells)} />;
}

async function ChartAndSteps({ account, span }: { account: Account; span: DaySpan }) {
  const cells = await recentCells(account._id);
  const steps = await firstSteps(account, cells);
  const areDone = steps.every((step) => step.done);
  return (
    <div
      className={`grid items-start gap-7 ${areDone ? "" : "lg:grid-cols-[minmax(0,1fr)_320px]"} grid-cols-[minmax(0,1fr)]`}
    >
      <SpendByDay cells={since(cells, span)} recent={cells} span={span} />
      {areDone ? null : <GettingStarted steps={steps} />}
    </div>
  );
}

function figuresOf(balance: BalanceView, cells: UsageCell[]): StripFigure[] {
  const [today, month] = [totalsOf(since(cells, 1)), totalsOf(since(cells, 30))];
  const { credits, usualDay } = balance;
  const tone = balanceTone(balance);
  const requests = (count: number) =>
    `${formatCount(count)} ${count === 1 ? "request" : "requests"}`;
  return [
    {
      term: "Available",
      figure: (
        <Amount
          nano={roundToMicro(credits, "down")}
          className={
            tone === "danger" ? "text-danger" : tone === "warning" ? "text-warning" : undefined
          }
        />
      ),
      note: <HeldNote balance={balance} />,
    },
    {
      term: "Spent today",
      figure: <Amount nano={roundToMicro(today.cost, "up")} />,
      note: requests(today.requests),
    },
    {
      term: "Spent in 30 days",
      figure: <Amount nano={roundToMicro(month.cost, "up")} />,
      note: `${requests(month.requests)}, ${formatCount(month.errors)} ${month.errors === 1 ? "error" : "errors"}`,
    },
    usualDay > 0 && credits > 0
      ? {
          term: "Lasts about",
          figure: daysText(credits / usualDay),
          note: `at ${formatCents(usualDay)} a day, last 7 days`,
        }
      : {
          term: "Lasts about",
          figure: "—",
          note: usualDay > 0 ? "no credits are left" : "nothing was spent in 7 days",
        },
  ];
}

function daysText(days: number): string {
  if (days < 1) return "under a day";
  if (days > 730) return "over 2 years";
  const fullDays = Math.floor(days);
  return fullDays === 1 ? "1 day" : `${formatCount(fullDays)} days`;
}
