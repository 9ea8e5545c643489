import type { IncidentView } from "@/components/status/incident";
import type { StripBar } from "@/components/status/strip";
import { formatCount, formatDay, formatDuration, formatTime } from "@/lib/format";
import type { Incident } from "@/lib/incidents/schema";
import { levelOf, REQUESTS_MIN, type HealthBar } from "./health";

/** "99.95%", or a dash for nothing. Rounded down, so that 100.00% is only what it says. */
export function shareOf(bar: Pick<HealthBar, "sent" | "answered">): string {
  if (bar.sent === 0) return "—";
  return `${(Math.floor((bar.answered / bar.sent) * 10_000) / 100).toFixed(2)}%`;
}

export const sumOf = (bars: HealthBar[]): Pick<HealthBar, "sent" | "answered"> => ({
  sent: bars.reduce((sum, bar) => sum + bar.sent, 0),
  answered: bars.reduce((sum, bar) => sum + bar.answered, 0),
});

/** Bars of hours or of days, each with its figures as its title. */
export function stripOf(
  bars: HealthBar[],
  unit: "hour" | "day",
  { noun = "request", minimum = REQUESTS_MIN } = {},
): StripBar[] {
  return bars.map((bar) => {
    const time =
      unit === "day"
        ? formatDay(bar.at)
        : `${formatDay(bar.at)}, ${formatTime(bar.at).slice(0, 5)}`;
    const figures =
      bar.sent === 0
        ? `no ${noun}s`
        : bar.sent < minimum
          ? `${bar.sent} ${bar.sent === 1 ? noun : `${noun}s`}`
          : `${shareOf(bar)} of ${formatCount(bar.sent)} ${bar.sent === 1 ? noun : `${noun}s`}`;
    return { title: `${time}: ${figures}`, level: levelOf(bar, minimum) };
  });
}

const steps = {
  detected: "Detected",
  identified: "Identified",
  monitoring: "Monitoring",
  resolved: "Resolved",
};

export function incidentView(incident: Incident): IncidentView {
  const { _id, title, affected, startedAt, endedAt, updates } = incident;
  const clock = (at: Date) => formatTime(at).slice(0, 5);
  return {
    id: _id,
    title,
    affected,
    day: formatDay(startedAt),
    open: endedAt === null,
    span:
      endedAt === null
        ? `since ${clock(startedAt)} UTC`
        : `${clock(startedAt)} to ${clock(endedAt)} UTC, ${formatDuration(endedAt.getTime() - startedAt.getTime())}`,
    updates: updates.toReversed().map(({ at, step, text }) => ({
      step: steps[step],
      time: clock(at),
      text,
    })),
  };
}
