import { execFile, spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { docsPages } from "@/app/(site)/docs/pages";
import { findModel } from "@/lib/catalog/queries";
import { ROOT } from "../support/processes";
import { createCustomer, ADAPTERS, deployment } from "../support/shared-deployment";

const run = promisify(execFile);
const pagesDir = path.join(ROOT, "app/(site)/docs");
/** Inside the repository, so that its packages are found. */
const scratch = path.join(ROOT, "dist/.snippets");
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

type DocSnippet = { page: string; language: string; text: string };

async function snippets(): Promise<DocSnippet[]> {
  const files = (await readdir(pagesDir, { recursive: true })).filter((file) =>
    file.endsWith(".mdx"),
  );
  const all = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.join(pagesDir, file), "utf8");
      return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map((match) => ({
        page: path.dirname(file) === "." ? "/docs" : `/docs/${path.dirname(file)}`,
        language: match[1] ?? "",
        text: match[2] ?? "",
      }));
    }),
  );
  return all.flat();
}

const all = await snippets();
const everyCurl = all.filter(({ language, text }) => language === "sh" && text.startsWith("curl "));
/** Only the dashboard makes management keys, so a unit test of that page runs its snippets. */
const curls = everyCurl.filter(({ text }) => !text.includes("$ONEKEY_MANAGEMENT_KEY"));
/** What needs the packages of e2e/clients runs in `npm run test:clients`. */
const CLIENT_PACKAGES = /from "(ai|@ai-sdk\/.+|@google\/genai)"/;
/** A server, which a unit test of its page runs. */
const SERVER_PAGE = "/docs/webhooks";
const everyScript = all.filter(({ language }) => language === "ts");
const scripts = everyScript.filter(
  ({ page, text }) => page !== SERVER_PAGE && !CLIENT_PACKAGES.test(text),
);
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const { key } = await createCustomer({ credits: "5" });
  env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: "production",
    ONEKEY_API_KEY: key,
  };
  await mkdir(scratch, { recursive: true });
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

test("every page that is listed exists, and every page that exists is listed", async () => {
  const pagePaths = docsPages.map((page) => page.path).sort();
  const folders = (await readdir(pagesDir, { recursive: true }))
    .filter((file) => /(^|\/)page\.mdx$/.test(file))
    .map((file) => (path.dirname(file) === "." ? "/docs" : `/docs/${path.dirname(file)}`));
  // The API reference is generated.
  expect([...folders, "/docs/api"].sort()).toEqual(pagePaths);
});

test("there are snippets to run, on the pages that say they run in the test suite", () => {
  const ran = new Set([...everyCurl, ...everyScript].map(({ page }) => page));
  const claimingPages = docsPages.filter(({ checked: claim }) =>
    claim?.includes("run in the test suite"),
  );
  expect(claimingPages.length).toBeGreaterThan(3);
  for (const { path: page } of claimingPages) expect(ran, page).toContain(page);
});

test("the docs name only models that are current", () => {
  const names = all.flatMap(({ page, text }) =>
    [...text.matchAll(/\b(?:claude|gpt|gemini|grok)-[\w.-]*\d[\w.-]*/g)].map(([id]) => ({
      page,
      id,
    })),
  );
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter(({ id }) => findModel(id)?.status !== "current")).toEqual([]);
});

test.skipIf(!hasCurl).each(curls)(
  "$page: $text answers (skipped where there is no curl)",
  async ({ text }) => {
    for (const [, origin] of ADAPTERS) {
      const command = text
        .replaceAll("ONEKEY_URL", origin)
        .replace(/^curl /, "curl -sS --fail-with-body ");
      const { stdout } = await run("bash", ["-c", command], { env });
      if (text.includes('"stream": true'))
        expect(stdout).toMatch(/"total_tokens":\d+.*\n\ndata: \[DONE\]/);
      else expect(JSON.parse(stdout)).toBeTypeOf("object");
    }
  },
);

test.each(scripts)("$page: $text runs", async ({ page, text }) => {
  const file = path.join(
    scratch,
    `${page.replaceAll("/", "-")}-${scripts.findIndex((script) => script.text === text)}.mjs`,
  );
  await writeFile(file, text.replaceAll("ONEKEY_URL", deployment.fast));
  const { stdout } = await run(process.execPath, [file], { env });
  expect(stdout.trim().length).toBeGreaterThan(3);
  expect(stdout).not.toContain("undefined");
});
