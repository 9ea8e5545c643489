import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { providerIds } from ".";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["lib", "app", "components", "cli", "server"];

/** Files that may distinguish providers, with the reason. */
const ALLOWED: Record<string, string> = {
  "app/(site)/docs/checked.ts":
    "the documentation's pages of each SDK, with the version they were run with",
  "lib/env/settings.ts": "the environment's names of each provider's settings",
};

const id = `(${providerIds().join("|")})`;
const RULES: [string, RegExp][] = [
  ["compares a provider's name", new RegExp(`[pP]rovider(\\.id)?\\s*[!=]==?\\s*"${id}"`)],
  ["compares a provider's name", new RegExp(`"${id}"\\s*[!=]==?\\s*[\\w.]*[pP]rovider`)],
  ["compares a provider's name", /[!=]==?\s*"xai"|case "xai"/],
  [
    "parses a provider out of an id",
    new RegExp(`(startsWith|endsWith|includes|indexOf)\\("${id}[-/]`),
  ],
  ["has a table by provider", /^\s*"?xai"?:\s/m],
  ["lists providers by name", new RegExp(`"${id}",\\s*"${id}",\\s*"${id}"`)],
];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
    path.join(folder, name),
  ),
).filter(
  (file) =>
    /\.tsx?$/.test(file) &&
    !/\.test\.tsx?$|\/fixtures\/|\/testing\/|^lib\/providers\//.test(file) &&
    !(file in ALLOWED),
);

test("only a provider's record distinguishes providers", () => {
  expect(files.length).toBeGreaterThan(200);
  const problems = files.flatMap((file) => {
    const text = readFileSync(path.join(root, file), "utf8");
    return RULES.flatMap(([problem, rule]) => (rule.test(text) ? [`${file} ${problem}`] : []));
  });
  expect(problems).toEqual([]);
});

test.each([
  'if (model.provider === "openai") return;',
  'if ("google" === provider) return;',
  'const provider = channel.startsWith("xai-") ? a : b;',
  'switch (name) { case "xai": }',
  "const table = {\n  xai: 1,\n};",
  'const order = ["openai", "anthropic", "google", "xai"];',
])("the rule reports %s", (text) => {
  expect(RULES.some(([, rule]) => rule.test(text))).toBe(true);
});
