import { refreshCatalog } from "@/lib/catalog/overlays/refresh";
import { providerIds, providerRecord } from "@/lib/providers";
import { AppError } from "@/lib/errors";
import { formatCredits } from "@/lib/money";
import { reconcile } from "@/lib/maintenance/reconcile/reconcile";
import type { CommandResult } from "./commands";
import { requireProviders } from "./require-providers";

/** Our sums of a UTC day against the provider's cost report, by model; at xAI by request. Exit status 1 where they differ. */
export async function reconcileDay(provider: string, day: string): Promise<CommandResult> {
  if (!providerIds().includes(provider))
    throw new AppError("bad_request", `--provider is one of ${providerIds().join(", ")}.`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day)))
    throw new AppError("bad_request", "--day is a day such as 2026-11-29, in UTC.");
  if (providerRecord(provider).costReport.endsWith("_costs"))
    requireProviders("Reconcile a deployment in live mode.");
  await refreshCatalog();
  const { models, other: otherCosts, requests } = await reconcile({ provider, day });
  const sum = (field: "ours" | "theirs" | "difference") =>
    models.reduce((total, row) => total + row[field], 0);
  const isEqual = models.every(({ difference }) => difference === 0) && otherCosts.length === 0;
  return {
    data: {
      provider,
      day,
      models,
      other: otherCosts,
      requests,
      ours: sum("ours"),
      theirs: sum("theirs"),
    },
    lines: [
      `${provider} on ${day}: ours ${formatCredits(sum("ours"))}, theirs ${formatCredits(sum("theirs"))}, difference ${formatCredits(sum("difference"))}`,
      ...models.map(
        (row) =>
          `${row.model}  ${row.requests} requests (${row.estimated} estimated)  ours ${formatCredits(row.ours)}  theirs ${formatCredits(row.theirs)}  difference ${formatCredits(row.difference)}`,
      ),
      ...otherCosts.map(({ item, cost }) => `not of the catalog: ${item}  ${formatCredits(cost)}`),
      ...requests.map(
        ({ id, model, cost, stated: providerCost }) =>
          `${id}  ${model}  ours ${formatCredits(cost)}  stated ${formatCredits(providerCost)}`,
      ),
    ],
    failed: !isEqual,
  };
}
