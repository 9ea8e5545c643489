import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { shownFiles } from "./source";

test("every proof that a page names is a file, not a directory", () => {
  expect(shownFiles.size).toBeGreaterThan(20);
  for (const file of shownFiles) expect(statSync(file).isFile(), file).toBe(true);
});
