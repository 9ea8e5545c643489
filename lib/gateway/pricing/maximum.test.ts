import fc from "fast-check";
import { expect, test } from "vitest";
import { createUsageReader } from "../meter/reader";
import { findRoute } from "../request/endpoints";
import { scanBody } from "../body-scan";
import { quoteCall } from "./quote";
import { adversaryUsage } from "./testing/adversary";
import {
  adversaryShares,
  REQUESTED_AT,
  requestPlans,
  type RequestPlan,
} from "./testing/random-request";
import { stateUsage } from "./testing/state-usage";
import { writeRequest } from "./testing/write-request";

const RUNS = Number(
  process.env.ONEKEY_TEST_RUNS ?? (process.env.ONEKEY_TEST_LONG ? 200_000 : 4_000),
);

async function quoteOf(plan: RequestPlan) {
  const request = await writeRequest(plan);
  const target = findRoute("POST", request.path, "openai");
  if (target.kind !== "forward") throw new Error(request.path);
  const { endpoint, model } = target;
  const scan = await scanBody({
    endpoint: endpoint.name,
    body: request.body,
    contentType: request.contentType,
    ...(model === undefined ? {} : { pathModel: model }),
  });
  return { quote: quoteCall({ scan, endpoint, at: REQUESTED_AT }), scan, request };
}

const isRejection = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "bad_request";

test("no usage within a request's own bounds costs more than is held", async () => {
  let pricedCount = 0;
  const targets = new Set<string>();
  await fc.assert(
    fc.asyncProperty(requestPlans, adversaryShares, async (plan, shares) => {
      const quotation = await quoteOf(plan).catch((error: unknown) => {
        if (isRejection(error)) return null;
        throw error;
      });
      if (quotation === null) return;
      const { quote, scan, request } = quotation;
      const usage = adversaryUsage(plan, request, shares);
      if (!usage.isBounded) {
        expect(quote.isUnbounded).toBe(true);
        return;
      }
      pricedCount++;
      targets.add(`${plan.model.id} ${plan.endpoint}`);
      const reader = createUsageReader({
        endpoint: plan.endpoint,
        provider: plan.model.provider,
        contentType: "application/json",
        characters: quote.rates.perCharacter === undefined ? undefined : scan.characters,
        longCache: scan.longCache,
      });
      reader.push(Buffer.from(JSON.stringify(stateUsage(plan, usage))));
      reader.end();
      const usageRead = reader.usage();
      expect(usageRead).not.toBeNull();
      const { model, ...facts } = plan;
      const counterexample = () => JSON.stringify({ model: model.id, ...facts, usage });
      if (usageRead && quote.served(usageRead).cost > quote.maxCost)
        expect(quote.served(usageRead).cost, counterexample()).toBeLessThanOrEqual(quote.maxCost);
      expect(quote.expectedCost).toBeLessThanOrEqual(quote.maxCost);
    }),
    { numRuns: RUNS },
  );
  expect(pricedCount).toBeGreaterThan(RUNS / 2);
  console.log(
    `${pricedCount} of ${RUNS} random requests priced, at ${targets.size} pairs of a model and an endpoint`,
  );
}, 3_600_000);
