import { expect, test } from "vitest";
import { listKnownModels } from "@/lib/catalog/queries";
import { catalogEntries, changelog } from "./entries";
import { parseReleases } from "./releases";

test("every model, every later price and every end has its entry on its day", () => {
  const models = listKnownModels();
  const entries = catalogEntries(models);
  const on = (kind: string, day: string) =>
    entries.find((entry) => entry.kind === kind && entry.at.toISOString().startsWith(day));
  for (const { id, released, retires, prices } of models) {
    expect(
      on("New model", released)?.prices?.map(({ model }) => model.id),
      id,
    ).toContain(id);
    for (const [index, price] of prices.entries()) {
      const before = prices[index - 1];
      if (!before || JSON.stringify(before.rates) === JSON.stringify(price.rates)) continue;
      const lines = on("Price change", price.from)?.prices ?? [];
      expect(lines.find(({ model }) => model.id === id)).toMatchObject({ before, after: price });
    }
    if (retires !== undefined)
      expect(on("Retirement", retires)?.items?.join(" "), id).toContain(`\`${id}\``);
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
- \`POST /v1/things\`, and \`x-onekey-thing\` at any endpoint.
- API: three words.

### Fixed

- Three.
- \`/v1/things\` is quicker.
`);
  expect(entries.map(({ id, kind, items }) => [id, kind, items])).toEqual([
    ["release-1-2-0-added", "Product", ["One `thing`.", "Two."]],
    [
      "release-1-2-0-added-api",
      "API",
      ["`POST /v1/things`, and `x-onekey-thing` at any endpoint.", "three words."],
    ],
    ["release-1-2-0-fixed", "Fix", ["Three.", "`/v1/things` is quicker."]],
  ]);
  expect(entries[0]?.at).toEqual(new Date("2026-11-28T00:00:00Z"));
});

test("the filter shows its kinds only, the newest first", async () => {
  const all = await changelog("all");
  const times = all.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect((await changelog("fixes")).every(({ kind }) => kind === "Fix")).toBe(true);
  expect((await changelog("product")).length).toBeGreaterThan(0);
  expect((await changelog("api")).map(({ kind }) => kind)).toContain("API");
  expect((await changelog("api")).every(({ kind }) => kind === "API")).toBe(true);
  expect((await changelog("catalog")).length).toBeLessThan(all.length);
});
