import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Strip } from "@/components/status/strip";
import { formatCount, formatDuration } from "@/lib/format";
import { providerName } from "@/lib/providers";
import type { HealthBar, HealthLevel, SubjectHealth } from "./health";
import type { PaymentHealth } from "./payments";
import { shareOf, stripOf, sumOf } from "./views";

const row =
  "grid gap-x-8 gap-y-3 border-b border-line md:grid-cols-[176px_minmax(0,5fr)_minmax(0,9fr)]";

/** A line for each provider: its state now, and its strips of 24 hours and 90 days. */
export function ProviderRows({ health }: { health: SubjectHealth[] }) {
  return (
    <HealthTable head="Provider">
      {health.map(({ subject, level, latency, hours, days }) => (
        <HealthRow
          key={subject}
          name={providerName(subject)}
          state={<State level={level} quiet="few requests now" />}
          note={
            latency.firstByteP50 === null
              ? null
              : `${formatDuration(latency.firstByteP50)} to the first byte (p50)`
          }
        >
          <HealthStrips name={providerName(subject)} hours={hours} days={days} />
        </HealthRow>
      ))}
    </HealthTable>
  );
}

/** A line for each part of OneKey itself: the API, the dashboard, payments. */
export function OwnRows({
  api,
  payments,
  ready: isReady,
}: {
  api: SubjectHealth | undefined;
  payments: PaymentHealth | null;
  /** Whether OneKey can admit requests. */
  ready: boolean;
}) {
  return (
    <HealthTable head="Part">
      {api === undefined ? null : (
        <HealthRow
          name="API"
          // Without requests its state is known all the same: it has just answered this one.
          state={<State level={!isReady ? "down" : api.level === "unknown" ? "up" : api.level} />}
          note={ownTime(api.latency)}
        >
          <HealthStrips name="API" hours={api.hours} days={api.days} />
        </HealthRow>
      )}
      <HealthRow
        name="Dashboard and sign-in"
        state={<State level={isReady ? "up" : "degraded"} />}
        note={null}
      >
        <NoFigure>
          {isReady
            ? "This page comes from the same server, which responds now."
            : "This page comes from the same server, but its database does not answer: nobody can sign in."}{" "}
          Earlier checks are not recorded, so there is no figure for the past.
        </NoFigure>
      </HealthRow>
      <HealthRow
        name="Payments"
        state={
          payments === null ? null : <State level={payments.level} quiet="no payment in 24 hours" />
        }
        note={
          payments === null || payments.creditedP50 === null
            ? null
            : `transfers credited in ${formatDuration(payments.creditedP50)} (p50)`
        }
      >
        {payments === null ? (
          <NoFigure>Payments are not set up on this server.</NoFigure>
        ) : (
          <HealthStrips
            name="Payments"
            hours={payments.hours}
            days={payments.days}
            noun="payment"
            minimum={1}
          />
        )}
      </HealthRow>
    </HealthTable>
  );
}

function ownTime({ ownP50, ownP95 }: SubjectHealth["latency"]): string {
  if (ownP50 === null || ownP95 === null) return "added time: no figure in 24 hours";
  return `adds ${formatDuration(ownP50)} (p50), ${formatDuration(ownP95)} (p95)`;
}

function HealthTable({ head, children }: { head: string; children: ReactNode }) {
  return (
    <div className="border-t border-line-strong">
      <div className={`${row} py-2 text-sm font-medium text-muted max-md:hidden`}>
        <span>{head}</span>
        <span>Last 24 hours</span>
        <span>Last 90 days</span>
      </div>
      {children}
    </div>
  );
}

function HealthRow({
  name,
  state,
  note,
  children,
}: {
  name: string;
  state: ReactNode;
  note: string | null;
  children: ReactNode;
}) {
  return (
    <div className={`${row} items-start py-4.5`}>
      <div>
        <h3 className="text-base font-strong">{name}</h3>
        {state}
        {note === null ? null : <p className="text-sm text-muted">{note}</p>}
      </div>
      {children}
    </div>
  );
}

/** In place of the strips: why there are none. */
function NoFigure({ children }: { children: ReactNode }) {
  return <p className="max-w-prose text-sm text-muted md:col-span-2">{children}</p>;
}

function HealthStrips({
  name,
  hours,
  days,
  ...countRules
}: {
  name: string;
  hours: HealthBar[];
  days: HealthBar[];
  noun?: string;
  minimum?: number;
}) {
  return (
    <>
      <Strip
        label={`${name}, last 24 hours`}
        span="24 h"
        bars={stripOf(hours, "hour", countRules)}
        share={shareOf(sumOf(hours))}
        total={`of ${formatCount(sumOf(hours).sent)}`}
      />
      <Strip
        label={`${name}, last 90 days`}
        span="90 days"
        bars={stripOf(days, "day", countRules)}
        share={shareOf(sumOf(days))}
        total={`of ${formatCount(sumOf(days).sent)}`}
      />
    </>
  );
}

function State({ level, quiet = "" }: { level: HealthLevel; quiet?: string }) {
  const line = "flex items-center gap-1.5 text-sm";
  if (level === "up")
    return (
      <p className={`${line} text-muted`}>
        <CircleCheck aria-hidden="true" className="size-3.5 text-success" />
        operational
      </p>
    );
  if (level === "unknown")
    return (
      <p className={`${line} text-muted`}>
        <CircleDashed aria-hidden="true" className="size-3.5" />
        {quiet}
      </p>
    );
  return (
    <p className={`${line} text-warning`}>
      <TriangleAlert aria-hidden="true" className="size-3.5" />
      {level === "down" ? "many errors" : "degraded"}
    </p>
  );
}
