import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { catalogVersion, findModel, ratesAt, resolveModel } from "../queries";
import { applyOverlay, previewOverlay, rollBackOverlay } from "./apply";
import { overlays } from "./collection";
import { listOverlays } from "./queries";
import { refreshCatalog } from "./refresh";

const store = globalThis as { __onekeyCatalog?: unknown; __onekeyOverlay?: unknown };

useOwnDatabase();

const apply = (file: object) => applyOverlay({ text: JSON.stringify(file, null, 2), by: null });
const outputOf = (id: string, at = new Date()) => {
  const model = findModel(id, at);
  return model && ratesAt({ model, at })?.output;
};

const fresh = {
  provider: "openai",
  name: "GPT-7",
  kind: "text",
  released: "2026-11-01",
  aliases: [{ id: "gpt-7-latest" }],
  context: 2_000_000,
  maxOutput: 256_000,
  capabilities: ["tools"],
  tokensPerSecond: 90,
  status: "current",
  modalities: { input: ["text"], output: ["text"] },
  prices: [{ from: "2026-11-01", rates: { input: 1, output: 4 }, serviceTiers: { flex: 0.5 } }],
  sources: ["https://example.com/gpt-7"],
};

test("a new model and a changed one are in force immediately, under a new version", async () => {
  const before = catalogVersion();
  const { _id } = await apply({
    note: "GPT-7 is out",
    models: {
      "gpt-7": fresh,
      "gpt-6-luna": { prices: [{ from: "2026-09-22", rates: { input: 0.2, output: 0.6 } }] },
    },
  });
  expect(_id).toBe(1);
  expect(catalogVersion()).toBe(`${before}+1`);
  expect(resolveModel("gpt-7-latest", new Date())).toMatchObject({
    kind: "offered",
    model: { id: "gpt-7" },
  });
  expect(outputOf("gpt-7")).toBe(4_000_000_000);
  expect(outputOf("gpt-6-luna")).toBe(600_000_000);
});

test("a process that has not read it yet goes by it after its next refresh", async () => {
  store.__onekeyCatalog = undefined;
  store.__onekeyOverlay = undefined;
  expect(findModel("gpt-7")).toBeNull();
  await refreshCatalog();
  expect(findModel("gpt-7")?.id).toBe("gpt-7");
});

test("a version of a later day is in force from its instant, to the millisecond", async () => {
  const effective = new Date(Date.now() + 86_400_000);
  await apply({
    effective: effective.toISOString(),
    models: { "gpt-7": { retires: "2026-12-24", replacedBy: "gpt-6-sol" } },
  });
  expect(findModel("gpt-7")?.retires).toBeUndefined();
  expect(findModel("gpt-7", new Date(effective.getTime() - 1))?.retires).toBeUndefined();
  expect(findModel("gpt-7", effective)?.retires).toBe("2026-12-24");
});

test("a rollback takes the newest version out of force, then the one before it", async () => {
  expect(await rollBackOverlay({ by: null })).toMatchObject({ withdraws: 2 });
  expect(await rollBackOverlay({ by: null })).toMatchObject({ withdraws: 1 });
  expect(findModel("gpt-7")).toBeNull();
  expect(outputOf("gpt-6-luna")).toBe(500_000_000);
  await expect(rollBackOverlay({ by: null })).rejects.toThrow("No overlay is in force.");
  await expect(rollBackOverlay({ by: null, version: 2 })).rejects.toThrow(
    "Version 2 is not in force.",
  );
  expect((await listOverlays()).map(({ withdraws }) => withdraws)).toEqual([
    undefined,
    undefined,
    2,
    1,
  ]);
});

const lines = (...text: string[]) => text.join("\n");
const WRONG: [string, string, string][] = [
  [
    "text that is no JSON",
    lines("{", '  "models": {', "    gpt: 1", "  }", "}"),
    "Line 3: This is not JSON.",
  ],
  ["text that ends early", lines("{", '  "models": {'), "Line 2: This is not JSON."],
  [
    "a field that no model has",
    lines(
      "{",
      '  "models": {',
      '    "gpt-6-sol": {',
      '      "retire": "2027-01-01"',
      "    }",
      "  }",
      "}",
    ),
    'Line 4: models.gpt-6-sol.retire: Unrecognized key: "retire"',
  ],
  [
    "a date that is none",
    lines(
      "{",
      '  "models": {',
      '    "gpt-6-sol": {',
      '      "retires": "1 January"',
      "    }",
      "  }",
      "}",
    ),
    "Line 4: models.gpt-6-sol.retires: Invalid",
  ],
  [
    "a replacement that is not there",
    lines(
      '{ "models": {',
      '  "gpt-6-sol": { "retires": "2027-06-01",',
      '  "replacedBy": "gpt-9" } } }',
    ),
    'Line 3: models.gpt-6-sol.replacedBy: "gpt-9" is no other model of the catalog.',
  ],
  [
    "a price of nothing, deep in a list",
    lines(
      '{ "models": { "gpt-6-sol": { "prices": [',
      '  { "from": "2026-09-22", "rates": {',
      '    "input": -1, "output": 2 } }',
      "] } } }",
    ),
    "Line 3: models.gpt-6-sol.prices.0.rates.input: Too small",
  ],
  [
    "an end within 30 days without a replacement",
    lines(
      '{ "models": {',
      '  "gpt-6-sol": {',
      `    "retires": "${new Date(Date.now() + 864_000_000).toISOString().slice(0, 10)}" } } }`,
    ),
    "Line 2: models.gpt-6-sol.replacedBy: It retires on",
  ],
  [
    "a new model without a price",
    lines('{ "models": {', `  "gpt-7": ${JSON.stringify({ ...fresh, prices: undefined })} } }`),
    "Line 2: models.gpt-7.prices: Invalid input",
  ],
  [
    "a price that no integer states",
    lines(
      '{ "models": { "gpt-6-sol": {',
      '  "prices": [ { "from": "2026-09-22", "rates": { "input": 1, "output": 1, "perThousandCalls": { "x": 0.0000001 } } } ] } } }',
    ),
    "Line 2: models.gpt-6-sol.prices:",
  ],
  [
    "a field twice",
    lines("{", '  "models": {},', '  "models": {}', "}"),
    'Line 3: The field "models" is given twice.',
  ],
  [
    "a time that is over",
    lines("{", '  "effective": "2026-01-01T00:00:00Z",', '  "models": {}', "}"),
    "Line 2: effective: It is in the past.",
  ],
  [
    "an alias that is taken",
    lines('{ "models": {', '  "gpt-6-sol": {', '    "aliases": [{ "id": "gpt-6-luna" }] } } }'),
    'Line 3: models.gpt-6-sol.aliases: "gpt-6-luna" already names',
  ],
];

test.each(WRONG)("%s is rejected completely, with the line", async (_, text, message) => {
  const before = await listOverlays();
  await expect(applyOverlay({ text, by: null })).rejects.toThrow(message);
  await expect(previewOverlay(text)).rejects.toMatchObject({ code: "bad_request" });
  expect(await listOverlays()).toEqual(before);
});

test("a valid change next to an invalid one is not applied either", async () => {
  const models = { "gpt-6-luna": { maxOutput: 64_000 }, "gpt-6-sol": { maxOutput: "many" } };
  await expect(apply({ models })).rejects.toThrow("models.gpt-6-sol.maxOutput");
  expect(findModel("gpt-6-luna")?.maxOutput).toBe(128_000);
});

test("of two overlays applied together, both are in force under separate versions or one is rejected", async () => {
  const results = await Promise.allSettled([
    apply({ models: { "gpt-6-sol": { tokensPerSecond: 81 } } }),
    apply({ models: { "gpt-6-luna": { tokensPerSecond: 151 } } }),
  ]);
  const versions = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value._id] : [],
  );
  expect(new Set(versions).size).toBe(versions.length);
  expect(versions.length).toBeGreaterThan(0);
  for (const result of results)
    if (result.status === "rejected") expect(String(result.reason)).toContain("at the same time");
});

test("a preview changes nothing", async () => {
  const { changes } = await previewOverlay(
    JSON.stringify({ models: { "gpt-6-sol": { status: "legacy" } } }),
  );
  expect(changes).toEqual([
    { model: "gpt-6-sol", field: "status", before: '"current"', after: '"legacy"' },
  ]);
  expect(findModel("gpt-6-sol")?.status).toBe("current");
  await expect(apply({ models: { "gpt-6-sol": { status: "current" } } })).rejects.toThrow(
    "The file changes nothing",
  );
});

test("a version that a newer built-in list does not agree with is left out, and the others stand", async () => {
  const all = await listOverlays();
  await overlays.insertOne({
    _id: (all.at(-1)?._id ?? 0) + 1,
    at: new Date(),
    by: null,
    effective: new Date(),
    note: "",
    models: { "gpt-6-sol": { maxOutput: 1 }, "gone-model": { retires: "2027-01-01" } },
  });
  await refreshCatalog();
  expect(findModel("gpt-6-sol")?.maxOutput).toBe(128_000);
  await apply({ models: { "gpt-6-luna": { status: "legacy" } } });
  expect(findModel("gpt-6-luna")?.status).toBe("legacy");
});
