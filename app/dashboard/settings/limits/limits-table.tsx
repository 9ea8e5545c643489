import { Pencil } from "lucide-react";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/dashboard/section";
import { buttonStyle } from "@/components/ui/button";
import { Gauge } from "@/components/ui/gauge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { CapWindow } from "@/lib/accounts/schema";
import { endOfWindow } from "@/lib/accounts/windows";
import { cn } from "@/lib/cn";
import {
  formatCents,
  formatCount,
  formatLongDay,
  formatRemaining,
  formatShortDay,
  formatUsd,
} from "@/lib/format";
import { isAllowed } from "@/lib/teams/permissions";
import type { Role } from "@/lib/teams/schema";
import type { LimitRow, LimitShare } from "./limit-rows";

const CREDITS: [CapWindow, string][] = [
  ["day", "Day"],
  ["week", "Week"],
  ["month", "Month"],
  ["total", "In total"],
];
const RATES: [CapWindow, string][] = [
  ["requests", "Requests a minute"],
  ["tokens", "Tokens a minute"],
];

/** What is left of the limits of the account, its projects and its keys that work. */
export function LimitsTable({
  rows,
  viewerRole,
  now,
}: {
  rows: LimitRow[];
  viewerRole: Role;
  now: number;
}) {
  const canEdit = (kind: LimitRow["kind"]) =>
    isAllowed(viewerRole, kind === "account" ? "limits:manage" : "projects:manage");
  return (
    <Section title="What is left" action={<Legend />}>
      <Table edge="flush" caption="Limits of the account, its projects and their keys">
        <thead>
          <tr>
            <Th className="pl-3!">Limit</Th>
            {CREDITS.map(([window, name]) => (
              <Th key={window} wide>
                {name}
                <Sub className="font-normal">{resetText(window, now)}</Sub>
              </Th>
            ))}
            {RATES.map(([window, name]) => (
              <Th key={window} wide num className="whitespace-normal!">
                {name}
              </Th>
            ))}
            <Th wide num className="whitespace-normal!">
              Largest request
            </Th>
            <Th>
              <span className="sr-only">Edit</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.kind === "account" ? "[&>td]:bg-quiet" : undefined}>
              <Td className={nameStyle(row)}>
                {row.name}
                {row.note === null ? null : <Sub>{row.note}</Sub>}
                <LimitList row={row} />
              </Td>
              {CREDITS.map(([window, name]) => (
                <Td key={window} wide>
                  <CreditCell share={shareOf(row, window)} label={`${row.name}, ${name}`} />
                </Td>
              ))}
              {RATES.map(([window]) => (
                <Td key={window} wide num>
                  <RateCell share={shareOf(row, window)} />
                </Td>
              ))}
              <Td wide num muted={row.limits.maxRequestCost === undefined}>
                {row.limits.maxRequestCost === undefined
                  ? "—"
                  : formatUsd(row.limits.maxRequestCost)}
              </Td>
              <Td className="py-1.5! text-right">
                {canEdit(row.kind) ? (
                  <Link
                    href={row.href}
                    prefetch={false}
                    aria-label={`Edit the limits of ${row.kind === "account" ? "the account" : row.name}`}
                    className={buttonStyle({ variant: "ghost", size: "sm", icon: true })}
                  >
                    <Pencil aria-hidden="true" />
                  </Link>
                ) : null}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        Left = limit − charged − held. Days, weeks and months are UTC; a week begins on Monday.
      </p>
    </Section>
  );
}

const shareOf = ({ shares }: LimitRow, window: CapWindow): LimitShare | undefined =>
  shares.find((share) => share.window === window);

/** Keys hang on a line below their project. */
const nameStyle = ({ kind, isLast }: LimitRow): string =>
  cn(
    "max-w-60 min-w-34 pl-3! wrap-anywhere",
    kind === "key"
      ? "relative pl-8! before:absolute before:-top-px before:left-[18px] before:w-px before:bg-line-control before:content-[''] after:absolute after:top-5 after:left-[18px] after:h-px after:w-[9px] after:bg-line-control after:content-['']"
      : "font-medium",
    kind === "key" && (isLast ? "before:h-[21px]" : "before:-bottom-px"),
  );

/** When a window ends: "resets in 9 h 27 min", "resets Mon 7 Dec", "never resets". */
function resetText(window: CapWindow, now: number): string {
  const end = endOfWindow(window, now);
  if (end === null) return "never resets";
  if (window === "day") return `resets in ${formatRemaining(end - now)}`;
  const at = new Date(end);
  return `resets ${formatLongDay(at).slice(0, 3)} ${formatShortDay(at)}`;
}

function Legend() {
  return (
    <span className="flex flex-wrap justify-end gap-x-4.5 gap-y-1 text-sm text-muted">
      {(
        [
          ["charged", "fill-accent"],
          ["held", "fill-chart-2"],
        ] as const
      ).map(([name, fill]) => (
        <span key={name} className="inline-flex items-center gap-2">
          <svg aria-hidden="true" className="size-2 rounded-[2px] forced-colors:border">
            <rect width="8" height="8" className={fill} />
          </svg>
          {name}
        </span>
      ))}
      <span className="inline-flex items-center gap-2 max-md:hidden">
        <svg aria-hidden="true" className="h-1.5 w-3.5 rounded-[2px]">
          <rect width="6" height="6" className="fill-accent" />
          <rect x="8" width="6" height="6" className="fill-accent" />
        </svg>
        alerts at 50 and 80%
      </span>
    </span>
  );
}

/** The limits of a row below its name, on phones. */
function LimitList({ row }: { row: LimitRow }) {
  const isEmpty = row.shares.length === 0 && row.limits.maxRequestCost === undefined;
  if (isEmpty) return <p className="font-normal text-muted md:hidden">No limit</p>;
  return (
    <dl className="mt-1 grid gap-2 font-normal md:hidden">
      {[...CREDITS, ...RATES].map(([window, name]) => {
        const share = shareOf(row, window);
        if (!share) return null;
        const isRate = window === "requests" || window === "tokens";
        return (
          <div key={window}>
            <dt className="text-muted">{name}</dt>
            <dd>
              {isRate ? (
                <RateCell share={share} />
              ) : (
                <CreditCell share={share} label={`${row.name}, ${name}`} />
              )}
            </dd>
          </div>
        );
      })}
      {row.limits.maxRequestCost === undefined ? null : (
        <div>
          <dt className="text-muted">Largest request</dt>
          <dd>{formatUsd(row.limits.maxRequestCost)}</dd>
        </div>
      )}
    </dl>
  );
}

const nothing = <span className="text-muted">—</span>;

function CreditCell({ share, label }: { share: LimitShare | undefined; label: string }) {
  if (!share) return nothing;
  const { limit, chargedCredits, heldCredits } = share;
  const percent = (amount: number) => (limit > 0 ? (amount / limit) * 100 : 100);
  return (
    <Gauge
      label={label}
      remaining={`${formatCents(Math.max(0, limit - chargedCredits - heldCredits))} left`}
      of={`of ${formatUsd(limit)}`}
      chargedPercent={percent(chargedCredits)}
      heldPercent={percent(heldCredits)}
    />
  );
}

/** A limit a minute, and what the running minute has used of it. */
function RateCell({ share }: { share: LimitShare | undefined }) {
  if (!share) return nothing;
  return (
    <>
      {formatCount(share.limit)}
      <Sub className="tabular-nums">
        {formatCount(share.chargedCredits + share.heldCredits)} used
      </Sub>
    </>
  );
}
