import { describe, expect, it } from "vitest";
import {
  compareWithGenaiPrices,
  isKnownToGenaiPrices,
} from "@/lib/maintenance/catalog-check/genai-prices";
import { DISAGREEMENTS } from "./genai-prices.disagreements";
import { listKnownModels } from "./queries";

/** Every price of the catalog is held against pydantic's genai-prices, on these days; where they differ, a table says why. */
const DAYS = ["2026-11-24", "2026-11-30", "2026-12-01", "2027-01-01"].map(
  (day) => new Date(`${day}T12:00:00Z`),
);

describe("genai-prices", async () => {
  const differences = await Promise.all(
    DAYS.map((at) => compareWithGenaiPrices(listKnownModels(), at)),
  );
  const lines = [...new Set(differences.flat().map(({ line }) => line))];

  it("knows most of our models", async () => {
    const matches = await Promise.all(
      listKnownModels().map((model) => isKnownToGenaiPrices(model, new Date())),
    );
    expect(matches.filter(Boolean).length).toBeGreaterThan(70);
  });

  it("agrees, but for what is listed with its reason", () => {
    expect(lines.filter((line) => !Object.hasOwn(DISAGREEMENTS, line))).toEqual([]);
  });

  it("still disagrees where the list says so", () => {
    expect(Object.keys(DISAGREEMENTS).filter((line) => !lines.includes(line))).toEqual([]);
  });
});
