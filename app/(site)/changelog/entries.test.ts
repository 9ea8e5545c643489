import { expect, test } from "vitest";
import { listModels } from "@/lib/catalog/queries";
import { catalogEntries, changelog } from "./entries";
import { parseReleases } from "./releases";

test("every price of the catalog has its entry, on the day from which it holds", () => {
  const models = listModels();
  const entries = catalogEntries(models);
  for (const model of models)
    for (const [index, price] of model.prices.entries()) {
      const own = entries.filter(({ at, prices }) =>
        prices?.some(
          (line) =>
            line.model.id === model.id &&
            at.toISOString().slice(0, 10) === line.after.from &&
            line.after.from === price.from,
        ),
      );
      expect(
        own.map(({ kind }) => kind),
        `${model.id} ${price.from}`,
      ).toEqual([index === 0 ? "New model" : "Price change"]);
    }
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
});

test("a release has an entry for each of its parts, and what is not released has none", () => {
  const entries = parseReleases(`# Changelog

## [Unreleased]

### Added

- Later.

## [1.2.0] - 2026-11-28

### Added

- One \`thing\`.
- Two.

### Fixed

- Three.
`);
  expect(entries.map(({ id, kind, items }) => [id, kind, items])).toEqual([
    ["release-1-2-0-added", "Product", ["One `thing`.", "Two."]],
    ["release-1-2-0-fixed", "Fix", ["Three."]],
  ]);
  expect(entries[0]?.at).toEqual(new Date("2026-11-28T00:00:00Z"));
});

test("the filter shows its kinds only, the newest first", async () => {
  const all = await changelog("all");
  const times = all.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect((await changelog("fixes")).every(({ kind }) => kind === "Fix")).toBe(true);
  expect((await changelog("product")).length).toBeGreaterThan(0);
  expect((await changelog("catalog")).length).toBeLessThan(all.length);
});
