import { expect, test, vi } from "vitest";
import { processSingleton } from "./process-singleton";

test("copies of the module share one value of each name", async () => {
  const first = processSingleton("test", () => new Map());
  vi.resetModules();
  const copy = await import("./process-singleton");
  expect(copy.processSingleton).not.toBe(processSingleton);
  expect(copy.processSingleton("test", () => new Map())).toBe(first);
  expect(processSingleton("another test", () => new Map())).not.toBe(first);
});
