import { CircleCheck, CircleDashed, TriangleAlert } from "lucide-react";
import { Strip } from "@/components/status/strip";
import { formatCount, formatDuration } from "@/lib/format";
import { providerName } from "@/lib/providers";
import type { HealthLevel, SubjectHealth } from "./health";
import { shareOf, stripOf, sumOf } from "./views";

interface Props {
  head: string;
  health: SubjectHealth[];
  /** Whether OneKey can admit requests. */
  ready: boolean;
}

const row =
  "grid gap-x-8 gap-y-3 border-b border-line md:grid-cols-[176px_minmax(0,5fr)_minmax(0,9fr)]";

/** A line for each provider, or for OneKey: its state now, and its strips of 24 hours and 90 days. */
export function HealthRows({ head, health, ready }: Props) {
  return (
    <div className="border-t border-line-strong">
      <div className={`${row} py-2 text-sm font-medium text-muted max-md:hidden`}>
        <span>{head}</span>
        <span>Last 24 hours</span>
        <span>Last 90 days</span>
      </div>
      {health.map((providerHealth) => {
        const name =
          providerHealth.subject === "onekey" ? "API" : providerName(providerHealth.subject);
        const level = providerHealth.subject === "onekey" && !ready ? "down" : providerHealth.level;
        return (
          <div key={providerHealth.subject} className={`${row} items-start py-4.5`}>
            <div>
              <h3 className="text-base font-strong">{name}</h3>
              <State level={level} isOwn={providerHealth.subject === "onekey"} />
              {providerHealth.subject === "onekey" ||
              providerHealth.latency.firstByteP50 === null ? null : (
                <p className="text-sm text-muted">
                  {formatDuration(providerHealth.latency.firstByteP50)} to the first byte (p50)
                </p>
              )}
            </div>
            <HealthStrip name={name} span="24 h" unit="hour" bars={providerHealth.hours} />
            <HealthStrip name={name} span="90 days" unit="day" bars={providerHealth.days} />
          </div>
        );
      })}
    </div>
  );
}

function HealthStrip({
  name,
  span,
  unit,
  bars,
}: {
  name: string;
  span: "24 h" | "90 days";
  unit: "hour" | "day";
  bars: SubjectHealth["hours"];
}) {
  const total = sumOf(bars);
  return (
    <Strip
      label={`${name}, last ${span === "24 h" ? "24 hours" : span}`}
      span={span}
      bars={stripOf(bars, unit)}
      share={shareOf(total)}
      total={`of ${formatCount(total.sent)}`}
    />
  );
}

function State({ level, isOwn }: { level: HealthLevel; isOwn: boolean }) {
  // Without requests OneKey's own state is known all the same: it has just answered this one.
  const visibleLevel = isOwn && level === "unknown" ? "up" : level;
  const line = "flex items-center gap-1.5 text-sm";
  if (visibleLevel === "up")
    return (
      <p className={`${line} text-muted`}>
        <CircleCheck aria-hidden="true" className="size-3.5 text-success" />
        operational
      </p>
    );
  if (visibleLevel === "unknown")
    return (
      <p className={`${line} text-muted`}>
        <CircleDashed aria-hidden="true" className="size-3.5" />
        few requests now
      </p>
    );
  return (
    <p className={`${line} text-warning`}>
      <TriangleAlert aria-hidden="true" className="size-3.5" />
      {visibleLevel === "down" ? "many errors" : "degraded"}
    </p>
  );
}
