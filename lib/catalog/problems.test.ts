import { expect, test } from "vitest";
import { builtInModels } from "./build";
import type { ListedModel } from "./listed";
import { problemsOf } from "./problems";
import { listKnownModels, listModels } from "./queries";

const today = "2026-11-30";

/** The problems of the built-in list with one of its models changed. */
function withChange(id: string, change: Partial<ListedModel>) {
  const models = builtInModels().map((model) =>
    model.id === id ? { ...model, ...change } : model,
  );
  return problemsOf(models, { today }).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("the built-in list has no problem", () => {
  expect(problemsOf(builtInModels(), { today })).toEqual([]);
});

test("no model that has ended is offered today, and each that ends within 30 days names its replacement", () => {
  const now = new Date();
  const day = now.toISOString().slice(0, 10);
  expect(listModels(now).filter(({ retires = "9999" }) => retires <= day)).toEqual([]);
  expect(problemsOf(builtInModels(), { today: day })).toEqual([]);
});

test.each(
  listKnownModels().flatMap(({ id, retires }) => (retires ? [[id, retires] as const] : [])),
)("%s is not offered from %s on", (id, retires) => {
  const before = new Date(Date.parse(retires) - 1);
  expect(listModels(before).some((model) => model.id === id)).toBe(true);
  expect(listModels(new Date(retires)).some((model) => model.id === id)).toBe(false);
});

const BROKEN: [string, string, Partial<ListedModel>, string][] = [
  [
    "an end within 30 days without a replacement",
    "gpt-5",
    { replacedBy: undefined },
    "gpt-5.replacedBy: It retires on",
  ],
  [
    "a replacement that nobody knows",
    "gpt-5",
    { replacedBy: "gpt-9" },
    'gpt-5.replacedBy: "gpt-9" is no other model',
  ],
  [
    "a model that replaces itself",
    "gpt-5",
    { replacedBy: "gpt-5" },
    'gpt-5.replacedBy: "gpt-5" is no other model',
  ],
  ["an id that is taken", "gpt-5", { aliases: [{ id: "gpt-4o" }] }, '"gpt-4o" already names'],
  [
    "an end before the release",
    "gpt-5",
    { retires: "2025-01-01" },
    "gpt-5.retires: 2025-01-01 is not after",
  ],
  [
    "an input limit above the window",
    "gpt-5",
    { maxInput: 500_000 },
    "gpt-5.maxInput: 500000 is more than",
  ],
  [
    "no price from the release on",
    "gpt-5",
    { released: "2025-01-01" },
    "gpt-5.prices.0.from: It has no price",
  ],
  [
    "prices out of order",
    "gpt-5",
    {
      prices: [
        { from: "2025-08-07", rates: { input: 1, output: 2 } },
        { from: "2025-08-07", rates: { input: 1, output: 2 } },
      ],
    },
    "gpt-5.prices.1.from: 2025-08-07 is not after",
  ],
  [
    "a price of nothing",
    "gpt-5",
    { prices: [{ from: "2025-08-07", rates: { input: 0, output: 0 } }] },
    "gpt-5.prices.0.rates: It costs nothing",
  ],
  [
    "a redirect to a model that nobody knows",
    "gpt-5",
    { servedAs: { model: "gpt-9", from: "2026-01-01", billedAs: "served", source: "a page" } },
    'gpt-5.servedAs.model: "gpt-9" is no other model',
  ],
];

test.each(BROKEN)("%s is a problem that names the field", (_, id, change, message) => {
  expect(withChange(id, change)).toContainEqual(expect.stringContaining(message));
});

test("a replacement that ends first needs one that follows it", () => {
  expect(withChange("gpt-5.1", { replacedBy: "gpt-4o" })).toEqual([]);
  const models = builtInModels().map((model) => {
    if (model.id === "gpt-5.1") return { ...model, replacedBy: "gpt-4o" };
    return model.id === "gpt-4o" ? { ...model, replacedBy: "gpt-5.1" } : model;
  });
  expect(problemsOf(models, { today })).toContainEqual({
    path: ["gpt-5.1", "replacedBy"],
    message: "gpt-4o itself retires on 2027-01-14.",
  });
});

test("an end that is further off needs no replacement yet", () => {
  expect(withChange("gemini-embedding-001", { replacedBy: undefined })).toEqual([]);
});
