import Link from "next/link";
import { Facts, type FactRow } from "@/components/dashboard/facts";
import { buttonStyle } from "@/components/ui/button";
import { Meter } from "@/components/ui/meter";
import { Panel } from "@/components/ui/panel";
import { usedOf } from "@/lib/accounts/limits";
import { minuteOf } from "@/lib/accounts/windows";
import { formatCents, formatCount, formatDay, formatMonth, formatUsd } from "@/lib/format";
import type { OwnProject } from "../project";

const MAX_ITEMS = 6;

/** The limits of a project and their use. A request over a limit is rejected and costs nothing. */
export function LimitsPanel({ account, project, now }: OwnProject) {
  const { limits, minute, models, addresses, origins, priceGuard } = project;
  const spend = usedOf({ account, project, now });
  const inMinute = minute?.at === minuteOf(now) ? (limits.requestsPerMinute ?? 0) - minute.left : 0;
  const month = `${formatMonth(new Date(now))} spend`;
  const facts: FactRow[] = [];
  if (limits.creditsPerMonth === undefined)
    facts.push({ name: month, value: `${formatCents(spend)}, no limit` });
  if (limits.requestsPerMinute === undefined)
    facts.push({ name: "Requests a minute", value: "No limit" });
  facts.push({ name: "Models", value: models === undefined ? "All" : listText(models) });
  facts.push({
    name: "Client addresses",
    value: addresses === undefined ? "Any" : listText(addresses),
  });
  facts.push({ name: "Websites", value: origins === undefined ? "Any" : listText(origins) });
  facts.push({
    name: "Price guard",
    value: priceGuard ? `Prices of ${formatDay(new Date(priceGuard.at))}` : "Off",
  });
  return (
    <Panel
      title="Limits"
      action={
        <Link
          href={`/dashboard/projects/${project.id}/limits`}
          prefetch={false}
          className={buttonStyle({ variant: "ghost", size: "sm" })}
        >
          Edit
          <span className="sr-only">limits</span>
        </Link>
      }
    >
      <div className="grid gap-4.5">
        {limits.creditsPerMonth === undefined ? null : (
          <Meter
            label={month}
            value={spend}
            max={limits.creditsPerMonth}
            text={`${formatCents(spend)} of ${formatUsd(limits.creditsPerMonth)}`}
          />
        )}
        {limits.requestsPerMinute === undefined ? null : (
          <Meter
            label="Requests this minute"
            value={inMinute}
            max={limits.requestsPerMinute}
            text={`${formatCount(inMinute)} of ${formatCount(limits.requestsPerMinute)}`}
          />
        )}
        <Facts facts={facts} />
      </div>
    </Panel>
  );
}

function listText(items: string[]): string {
  const hiddenCount = items.length - MAX_ITEMS;
  return hiddenCount > 0
    ? `${items.slice(0, MAX_ITEMS).join(", ")} and ${formatCount(hiddenCount)} more`
    : items.join(", ");
}
