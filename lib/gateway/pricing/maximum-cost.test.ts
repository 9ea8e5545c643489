import { expect, test } from "vitest";
import { findModel } from "@/lib/catalog/queries";
import type { Rates } from "@/lib/catalog/schema";
import { newDraft } from "../body-scan/draft";
import { maximumCost } from "./maximum-cost";

const model = findModel("gpt-6-luna");
const { scan } = newDraft({ textBytes: 0, pathModel: undefined });

test("where long prompts are cheaper than short ones, a short one decides", () => {
  if (!model) throw new Error("The catalog has no such model.");
  const rates: Rates = {
    input: 10,
    output: 100,
    cacheRead: 1,
    cacheWrite5m: 10,
    cacheWrite1h: 10,
    tiers: [
      {
        input: 10,
        output: 50,
        cacheRead: 1,
        cacheWrite5m: 10,
        cacheWrite1h: 10,
        aboveInputTokens: 1_000_000,
      },
    ],
  };
  const request = { scan, model, rates };
  const totals = { input: 2_000_000, output: 3_000_000, units: {} };
  expect(maximumCost(request, totals)).toBe(10 + 300);
});
