import { expect, test } from "vitest";
import { listModels } from "@/lib/catalog/queries";
import { pricedModels } from "./catalog";

test("every model of the catalog has its prices on the pages", () => {
  expect(pricedModels().length).toBe(listModels().length);
});
