import { Link } from "@/components/ui/link";
import { Facts, type FactRow } from "@/components/dashboard/facts";
import { buttonStyle } from "@/components/ui/button";
import { Meter } from "@/components/ui/meter";
import { Panel } from "@/components/ui/panel";
import { limitUses } from "@/lib/accounts/open-caps";
import { usedOf } from "@/lib/accounts/limits";
import { formatCents, formatCount, formatDay, formatMonth, formatUsd } from "@/lib/format";
import { windowName } from "../window-names";
import type { OwnProject } from "../project";

const MAX_ITEMS = 6;

/** The limits of a project and their use. A request over a limit is rejected and costs nothing. */
export async function LimitsPanel({ account, project, canManage, now }: OwnProject) {
  const { limits, models, addresses, origins, priceGuard, name, id } = project;
  const scope = { scope: id, kind: "project" as const, name, limits };
  const uses = await limitUses({ account, scope, now });
  const facts: FactRow[] = [];
  if (limits.creditsPerMonth === undefined)
    facts.push({
      name: `${formatMonth(new Date(now))} spend`,
      value: `${formatCents(usedOf({ account, project, now }))}, no limit`,
    });
  if (limits.requestsPerMinute === undefined)
    facts.push({ name: "Requests a minute", value: "No limit" });
  if (limits.maxRequestCost !== undefined)
    facts.push({ name: "One request", value: `at most ${formatUsd(limits.maxRequestCost, 6)}` });
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
      title="Limits of the project"
      action={
        canManage ? (
          <Link
            href={`/dashboard/projects/${project.id}/limits`}
            prefetch={false}
            className={buttonStyle({ variant: "ghost", size: "sm" })}
          >
            Edit
            <span className="sr-only">limits</span>
          </Link>
        ) : undefined
      }
      footer={
        <span>All keys draw on these. A key can be narrower than its project, never wider.</span>
      }
    >
      <div className="grid gap-4.5">
        {uses.map(({ window, limit, used: usage }) => {
          const isRate = window === "requests" || window === "tokens";
          return (
            <Meter
              key={window}
              label={windowName(window, now)}
              value={usage}
              max={limit}
              text={
                isRate
                  ? `${formatCount(usage)} of ${formatCount(limit)}`
                  : `${formatCents(usage)} of ${formatUsd(limit)}`
              }
            />
          );
        })}
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
