import { catalogAsOf } from "@/lib/catalog/in-force";
import { totalInput, tierOf } from "@/lib/catalog/cost";
import { namedBy, ratesAt } from "@/lib/catalog/queries";
import type { Model, Rates, TokenRates } from "@/lib/catalog/schema";
import type { TokenCounts, UsageRow } from "@/lib/usage/schema";

/** One kind of token of a request: `count` × `rate` (nano-credits per 1,000,000) = `millionths` of a nano-credit. */
export interface CostLine {
  kind: "input" | "cacheRead" | "cacheWrite5m" | "cacheWrite1h" | "output";
  count: number;
  rate: number;
  millionths: bigint;
}

/** How the cost of a row is redone by hand. */
export interface CostSum {
  lines: CostLine[];
  /** What the row charges beyond its lines, in nano-credits: tools, audio, images and the like. Never below 0. */
  other: number;
  /** The model whose prices were used, and since which day they hold. */
  model: Model;
  since: string;
  /** What the prices depend on, where it is not the default, such as "priority service tier". */
  condition: string | null;
  /** Above so many input tokens the long-context prices hold; null where they did not. */
  aboveInputTokens: number | null;
  /** Whether lines and `other` total the row's cost. They do not where the catalog that priced the row is unknown here. */
  isExact: boolean;
}

const KINDS = ["input", "cacheRead", "cacheWrite5m", "cacheWrite1h", "output"] as const;
const MILLION = 1_000_000n;

/**
 * The lines of a row's cost, at the prices of the catalog as it was when the request began. A row keeps no service tier, speed
 * or region: of the prices that the model has, those that give the row's cost are taken. Null for an unknown model.
 */
export function costLines(row: UsageRow): CostSum | null {
  const catalog = catalogAsOf(row.at);
  const candidates = [row.servedModel, row.model]
    .flatMap((id) => (id ? (namedBy(catalog, id, row.at) ?? []) : []))
    .flatMap((model) => pricesOf(model, row.at).map((price) => sumAt({ row, model, ...price })));
  const usual = candidates.find(({ condition }) => condition === null);
  return (
    candidates.find(({ isExact, other: unexplained }) => isExact && unexplained === 0) ??
    usual ??
    null
  );
}

/** The usual prices of a model first, then those of each tier, speed and region. */
function pricesOf(model: Model, at: Date): { rates: Rates; condition: string | null }[] {
  const tiers = model.prices.flatMap(({ serviceTiers = {} }) => Object.keys(serviceTiers));
  return [
    { condition: null, query: {} },
    ...[...new Set(tiers)].map((serviceTier) => ({
      condition: `${serviceTier} service tier`,
      query: { serviceTier },
    })),
    ...Object.keys(model.speeds ?? {}).map((speed) => ({
      condition: `${speed} speed`,
      query: { speed },
    })),
    ...Object.keys(model.geos ?? {}).map((inferenceGeo) => ({
      condition: `region ${inferenceGeo}`,
      query: { inferenceGeo },
    })),
  ].flatMap(({ condition, query }) => {
    const rates = ratesAt({ model, at, ...query });
    return rates ? [{ rates, condition }] : [];
  });
}

function sumAt(input: {
  row: UsageRow;
  model: Model;
  rates: Rates;
  condition: string | null;
}): CostSum {
  const { row, model, rates, condition } = input;
  const tier = tierOf(rates, totalInput(row.tokens));
  const lines = linesAt(row.tokens, tier);
  const sum = lines.reduce((total, { millionths }) => total + millionths, 0n);
  const roundedCost = Number((sum + MILLION - 1n) / MILLION);
  const day = row.at.toISOString().slice(0, 10);
  return {
    lines,
    other: Math.max(0, row.cost - roundedCost),
    model,
    since: model.prices.findLast(({ from }) => from <= day)?.from ?? model.released,
    condition,
    aboveInputTokens:
      rates.tiers?.find(({ input: rate }) => tier !== rates && rate === tier.input)
        ?.aboveInputTokens ?? null,
    isExact: roundedCost <= row.cost,
  };
}

function linesAt(tokens: TokenCounts, rates: TokenRates): CostLine[] {
  return KINDS.filter((kind) => tokens[kind] > 0).map((kind) => ({
    kind,
    count: tokens[kind],
    rate: rates[kind],
    millionths: BigInt(tokens[kind]) * BigInt(rates[kind]),
  }));
}
