import { Link } from "@/components/ui/link";
import type { FirstStep } from "@/components/dashboard/getting-started";
import type { Account } from "@/lib/accounts/schema";
import { findModel } from "@/lib/catalog/queries";
import { formatCount, formatShortDay, formatTime, formatUsd } from "@/lib/format";
import { listEntries } from "@/lib/ledger/queries";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { listKeys } from "@/lib/keys/queries";
import { firstRow } from "@/lib/usage/activity";
import type { UsageCell } from "@/lib/usage/figures";

/** The first steps of a new account; its records say which are done. `cells` are those of the last 90 days. */
export async function firstSteps(account: Account, cells: UsageCell[]): Promise<FirstStep[]> {
  const [first, entries, keys] = await Promise.all([
    firstRow(account._id),
    listEntries(account._id),
    listKeys({ account }),
  ]);
  const firstCredit = entries.findLast((entry) => entry.amount > 0);
  const providers = new Set(cells.flatMap(({ model }) => findModel(model)?.provider ?? []));
  const keyDates = keys
    .flatMap(({ key, live }) => (live.length > 0 ? key.createdAt : []))
    .toSorted((a, b) => a.getTime() - b.getTime());
  return [
    {
      name: "Create a project key",
      done: keyDates[0] !== undefined || first !== null,
      note: keyDates[0] ? formatShortDay(keyDates[0]) : first ? "Since revoked" : keyLink(account),
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
      done: firstCredit !== undefined,
      note: firstCredit ? (
        creditText(firstCredit)
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
          : "Request another model. Only the model name changes.",
    },
  ];
}

function limitStep({ projects }: Account): FirstStep {
  const limitCount = projects.filter(({ limits }) => limits.creditsPerMonth !== undefined).length;
  const [first] = projects.filter(({ limits }) => limits.creditsPerMonth === undefined);
  const isComplete = projects.length > 0 && first === undefined;
  return {
    name: "Set a monthly limit on each project",
    done: isComplete,
    note: isComplete ? (
      `${formatCount(limitCount)} of ${formatCount(projects.length)}`
    ) : (
      <>
        {limitCount} of {projects.length} {limitCount === 1 ? "has" : "have"} one. A request over
        the limit is rejected.{" "}
        {first === undefined ? null : (
          <Go href={`/dashboard/projects/${first.id}/limits`}>Set one</Go>
        )}
      </>
    ),
  };
}

const keyLink = ({ projects }: Account) =>
  projects[0] === undefined ? (
    <Go href="/dashboard/projects/new">Create a project first</Go>
  ) : (
    <Go href={`/dashboard/projects/${projects[0].id}`}>In {projects[0].name}</Go>
  );

const freeText = (freeRequests: number) =>
  freeRequests === 0 ? "With its key" : `${formatCount(freeRequests)} are free`;

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
