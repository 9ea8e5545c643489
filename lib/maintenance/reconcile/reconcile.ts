import { providerRecord } from "@/lib/providers";
import { findModel } from "@/lib/catalog/queries";
import type { Provider } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import {
  eachStatedCost,
  listModelCosts,
  type ModelCost,
  type StatedCost,
} from "@/lib/usage/provider-costs";
import { anthropicReport, openAiReport, type ReportLine } from "./provider-reports";

/** Nano-credits of a model on a day: ours, the provider's, and ours minus the provider's. */
export type CostComparison = {
  model: string;
  requests: number;
  /** Requests whose usage we estimated: where a difference is to be expected. */
  estimated: number;
  ours: number;
  theirs: number;
  difference: number;
};

export type Reconciliation = {
  provider: Provider;
  day: string;
  models: CostComparison[];
  /** What the provider charged for that is no model of the catalog. */
  other: { item: string; cost: number }[];
  /** Requests whose stated cost is another than ours, the largest difference first; only where each states its cost. */
  requests: StatedCost[];
};

const REQUESTS_MAX = 100;

/** Compares what we charged on a UTC day with what the provider charged us. Throws bad_request for a provider without a report. */
export async function reconcile({
  provider,
  day,
}: {
  provider: Provider;
  day: string;
}): Promise<Reconciliation> {
  const at = new Date(`${day}T00:00:00Z`);
  const ours = await listModelCosts({ provider, day: at });
  const record = providerRecord(provider);
  switch (record.costReport) {
    case "openai_costs":
      return { provider, day, requests: [], ...byModel(ours, await openAiReport(provider, at)) };
    case "anthropic_costs":
      return { provider, day, requests: [], ...byModel(ours, await anthropicReport(provider, at)) };
    case "in_responses":
      return { provider, day, ...(await byRequest(ours, at)) };
    case "none":
      throw new AppError(
        "bad_request",
        `${record.name} has no cost report by API. Look at its billing console.`,
      );
  }
}

function byModel(ours: ModelCost[], lines: ReportLine[]): Pick<Reconciliation, "models" | "other"> {
  const theirs = new Map<string, number>();
  const otherCosts: Reconciliation["other"] = [];
  for (const { item, model, cost } of lines) {
    const catalogModel = model === null ? null : findModel(model);
    if (catalogModel) theirs.set(catalogModel.id, (theirs.get(catalogModel.id) ?? 0) + cost);
    else otherCosts.push({ item, cost });
  }
  return { models: compare(ours, theirs), other: otherCosts };
}

async function byRequest(
  ours: ModelCost[],
  day: Date,
): Promise<Pick<Reconciliation, "models" | "other" | "requests">> {
  const theirs = new Map<string, number>();
  const requests: StatedCost[] = [];
  for await (const row of eachStatedCost({ provider: "xai", day })) {
    theirs.set(row.model, (theirs.get(row.model) ?? 0) + row.stated);
    if (row.cost !== row.stated) requests.push(row);
    if (requests.length > 10 * REQUESTS_MAX) largest(requests);
  }
  largest(requests);
  return { models: compare(ours, theirs), other: [], requests };
}

/** Keeps the largest differences of a list. */
function largest(requests: StatedCost[]): void {
  requests
    .sort((a, b) => Math.abs(b.cost - b.stated) - Math.abs(a.cost - a.stated))
    .splice(REQUESTS_MAX);
}

function compare(ours: ModelCost[], theirs: Map<string, number>): CostComparison[] {
  const usageByModel = new Map(ours.map((row) => [row.model, row]));
  return [...new Set([...usageByModel.keys(), ...theirs.keys()])]
    .map((model) => {
      const {
        requests = 0,
        estimated: estimateCount = 0,
        cost = 0,
      } = usageByModel.get(model) ?? {};
      const providerCost = theirs.get(model) ?? 0;
      return {
        model,
        requests,
        estimated: estimateCount,
        ours: cost,
        theirs: providerCost,
        difference: cost - providerCost,
      };
    })
    .sort(
      (a, b) => Math.abs(b.difference) - Math.abs(a.difference) || a.model.localeCompare(b.model),
    );
}
