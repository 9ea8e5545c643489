import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { resolveModel } from "./queries";

const root = fileURLToPath(new URL("../..", import.meta.url));
const MODEL_ID = /\b(?:claude-(?:fable|opus|sonnet|haiku)|gpt|gemini|grok)-[\w.-]*\d[\w.-]*\b/g;

function namedIn(folder: string): { file: string; id: string }[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(tsx?|mdx|md)$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(root, folder, file), "utf8");
      return [...text.matchAll(MODEL_ID)].map(([id]) => ({ file: path.join(folder, file), id }));
    });
}

test("pages, the security page's example row and the documentation name models that are on offer", () => {
  const mentions = ["app", "components", "docs"].flatMap(namedIn);
  expect(mentions.map(({ file }) => file)).toContain(
    path.join("app", "(site)", "security", "record.ts"),
  );
  expect(mentions.filter(({ id }) => resolveModel(id, new Date()).kind !== "offered")).toEqual([]);
});
