import Link from "next/link";
import type { FirstStep } from "@/components/dashboard/getting-started";
import type { Account } from "@/lib/accounts/schema";
import { findModel } from "@/lib/catalog/queries";
import { formatCount, formatShortDay, formatTime, formatUsd } from "@/lib/format";
import { listEntries } from "@/lib/ledger/queries";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { firstRow } from "@/lib/usage/activity";
import type { UsageCell } from "@/lib/usage/figures";

/** What a new account does first, each step done or not by what its records say. `cells` are those of the last 90 days. */
export async function firstSteps(account: Account, cells: UsageCell[]): Promise<FirstStep[]> {
  const [first, entries] = await Promise.all([firstRow(account._id), listEntries(account._id)]);
  const credited = entries.findLast((entry) => entry.amount > 0);
  const providers = new Set(cells.flatMap(({ model }) => findModel(model)?.provider ?? []));
  const keyed = account.projects
    .flatMap(({ key }) => key?.createdAt ?? [])
    .toSorted((a, b) => a.getTime() - b.getTime());
  return [
    {
      name: "Create a project key",
      done: keyed[0] !== undefined || first !== null,
      note: keyed[0] ? formatShortDay(keyed[0]) : first ? "Revoked since" : keyLink(account),
    },
    {
      name: "Send a request",
      done: first !== null,
      note: first
        ? `${formatShortDay(first.at)}, ${formatTime(first.at).slice(0, 5)}`
        : freeText(account.free.requests),
    },
    {
      name: "Add credits",
      done: credited !== undefined,
      note: credited ? (
        creditText(credited)
      ) : (
        <Go href="/dashboard/credits">By card or in USDC and USDT</Go>
      ),
    },
    limitStep(account),
    {
      name: "Call a second provider with the same key",
      done: providers.size > 1,
      note:
        providers.size > 1
          ? `${providers.size} of 4 in the last 90 days`
          : "Ask for another model: its name is all that changes.",
    },
  ];
}

function limitStep({ projects }: Account): FirstStep {
  const limited = projects.filter(({ limits }) => limits.creditsPerMonth !== undefined).length;
  const [first] = projects.filter(({ limits }) => limits.creditsPerMonth === undefined);
  const done = projects.length > 0 && first === undefined;
  return {
    name: "Set a monthly limit on each project",
    done,
    note: done ? (
      `${formatCount(limited)} of ${formatCount(projects.length)}`
    ) : (
      <>
        {limited} of {projects.length} {limited === 1 ? "has" : "have"} one. A request over the
        limit is refused.{" "}
        {first === undefined ? null : (
          <Go href={`/dashboard/projects/${first.id}/limits`}>Set one</Go>
        )}
      </>
    ),
  };
}

const keyLink = ({ projects }: Account) =>
  projects[0] === undefined ? (
    <Go href="/dashboard/projects/new">Make a project first</Go>
  ) : (
    <Go href={`/dashboard/projects/${projects[0].id}`}>In {projects[0].name}</Go>
  );

const freeText = (left: number) => (left === 0 ? "With its key" : `${formatCount(left)} are free`);

function creditText({ at, amount, kind, reason }: LedgerEntry): string {
  const by = kind === "grant" ? (reason ?? "granted") : "bought";
  return `${formatShortDay(at)}, ${formatUsd(amount)} ${by}`;
}

function Go({ href, children }: { href: string; children: React.ReactNode }) {
  return (
    <Link href={href} prefetch={false} className="link">
      {children}
    </Link>
  );
}
