import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { balanceTone, HeldNote, type BalanceView } from "@/components/dashboard/balance";
import { GettingStarted } from "@/components/dashboard/getting-started";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { buttonStyle } from "@/components/ui/button";
import { FigureStrip, type StripFigure } from "@/components/ui/figure-strip";
import type { Account } from "@/lib/accounts/schema";
import { requireAccount } from "@/lib/auth/session";
import { formatCents, formatCount, formatLongDay } from "@/lib/format";
import type { UsageCell } from "@/lib/usage/figures";
import { lastDays, type UsagePeriod } from "@/lib/usage/period";
import { listPage } from "@/lib/usage/rows";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { balanceOf, recentCells, since, totalsOf } from "./figures";
import { CatalogNotices } from "./catalog-notices";
import { firstSteps } from "./first-steps";
import { FreeWithheld } from "./free-withheld";
import { SpendByDay, DaySpan } from "./spend-by-day";
import { FirstRequest } from "./usage/first-request";
import { projectNames } from "./usage/projects";
import { RequestTable } from "./usage/request-table";

export const metadata: Metadata = { title: "Overview" };

const RECENT_ROWS = 8;

export default async function OverviewPage({ searchParams }: PageProps<"/dashboard">) {
  const account = await requireAccount("/dashboard");
  const span = DaySpan.parse((await searchParams).days);
  const period = lastDays(RETENTION_DAYS);
  return (
    <>
      <PageHeader
        title="Overview"
        line={`${formatLongDay(period.to)}, times in UTC`}
        action={
          <>
            <Link href="/dashboard/usage" prefetch={false} className={buttonStyle()}>
              View usage
            </Link>
            <Link
              href="/dashboard/projects/new"
              prefetch={false}
              className={buttonStyle({ variant: "primary" })}
            >
              <Plus aria-hidden="true" />
              New project
            </Link>
          </>
        }
      />
      <CatalogNotices accountId={account._id} />
      <Figures account={account} span={span} period={period} />
    </>
  );
}

async function Figures({
  account,
  span,
  period,
}: {
  account: Account;
  span: DaySpan;
  period: UsagePeriod;
}) {
  const [cells, balance, { rows }] = await Promise.all([
    recentCells(account._id),
    balanceOf(account),
    listPage({ filter: { accountId: account._id, ...period }, limit: RECENT_ROWS }),
  ]);
  const steps = await firstSteps(account, cells);
  const isComplete = steps.every((step) => step.done);
  return (
    <>
      <FreeWithheld account={account} />
      <FigureStrip figures={figuresOf(balance, cells)} />
      <div
        className={`grid items-start gap-7 ${isComplete ? "" : "lg:grid-cols-[minmax(0,1fr)_320px]"} grid-cols-[minmax(0,1fr)]`}
      >
        {rows.length === 0 ? (
          <FirstRequest account={account} period={period} />
        ) : (
          <SpendByDay cells={since(cells, span)} span={span} />
        )}
        {isComplete ? null : <GettingStarted steps={steps} />}
      </div>
      {rows.length === 0 ? null : (
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
      )}
    </>
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
          nano={credits}
          className={
            tone === "danger" ? "text-danger" : tone === "warning" ? "text-warning" : undefined
          }
        />
      ),
      note: <HeldNote balance={balance} />,
    },
    { term: "Spent today", figure: <Amount nano={today.cost} />, note: requests(today.requests) },
    {
      term: "Spent in 30 days",
      figure: <Amount nano={month.cost} />,
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
