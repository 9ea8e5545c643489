import { expect, it } from "vitest";
import { costOf } from "./cost";
import billed from "./fixtures/billed.json";
import { findModel, listKnownModels, ratesAt } from "./queries";
import { EndpointName, NO_USAGE, type Usage } from "./schema";

type BilledCase = {
  model: string;
  tier?: string;
  on: string;
  usage: Partial<Usage>;
  sum: string;
  cost: number;
};

/** One request of every model and tier, at each of its prices from 30 November 2026 on, with the sum by hand (in 1,000 nano-credits). */
const ROWS: BilledCase[] = billed;

const ratesOf = ({ model: id, tier, on }: BilledCase) => {
  const at = new Date(`${on}T12:00:00Z`);
  const model = findModel(id, at);
  if (!model) throw new Error(`no model ${id}`);
  const [kind, value] = tier?.split(" ") ?? [];
  return ratesAt({
    model,
    at,
    ...(kind === "speed"
      ? { speed: value }
      : kind === "geo"
        ? { inferenceGeo: value }
        : kind === "endpoint"
          ? { endpoint: EndpointName.parse(value) }
          : { serviceTier: tier }),
  });
};

it.each(ROWS)("$model $tier on $on: $sum", (row) => {
  const rates = ratesOf(row);
  if (!rates) throw new Error("no rates");
  expect(costOf({ rates, usage: { ...NO_USAGE, ...row.usage } })).toBe(row.cost);
});

it("has a row for every model, tier, speed, region and endpoint with a price", () => {
  const keyOf = (row: { model: string; tier?: string | undefined; on: string }) =>
    [row.model, row.tier, row.on].join(" ");
  const keys = new Set(ROWS.map(keyOf));
  const start = "2026-11-30";
  const missing = listKnownModels().flatMap((model) =>
    model.prices.flatMap(({ from, serviceTiers = {}, endpointRates = {} }, index) => {
      const until = model.prices[index + 1]?.from ?? model.retires ?? "9999-12-31";
      const on = from <= start ? start : from;
      if (until <= on || (model.retires ?? "9999-12-31") <= on) return [];
      const tiers = [
        undefined,
        ...Object.keys(serviceTiers),
        ...Object.keys(endpointRates).map((name) => `endpoint ${name}`),
        ...Object.keys(model.speeds ?? {}).map((speed) => `speed ${speed}`),
        ...Object.keys(model.geos ?? {}).map((geo) => `geo ${geo}`),
      ];
      return tiers
        .map((tier) => keyOf({ model: model.id, tier, on }))
        .filter((key) => !keys.has(key));
    }),
  );
  expect(missing).toEqual([]);
});
