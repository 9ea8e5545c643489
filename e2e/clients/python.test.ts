import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { listRows } from "@/lib/usage/queries";
import { createFundedAccount } from "../support/own-gateway";
import { createOwnServer } from "../support/own-server";
import { codeOf } from "./docs-page";

const run = promisify(execFile);
const CREDIT = 1_000_000_000;
/** Set by `npm run test:clients`; empty where there is no Python. */
const python = process.env.ONEKEY_CLIENTS_PYTHON ?? "";
const server = createOwnServer();

const PAGES = [
  "openai",
  "anthropic",
  "google-genai",
  "xai",
  "litellm",
  "openai-agents",
  "pydantic-ai",
  "langchain",
  "llamaindex",
  "estimates",
];
const snippets = PAGES.flatMap((page) =>
  codeOf({ page, language: "python", origin: "" }).map((_, index) => ({ page, index })),
);

test("every page of a Python SDK has code", () => {
  expect(new Set(snippets.map(({ page }) => page)).size).toBe(PAGES.length);
});

// Without Python, `npm run test:clients` says so in one line.
test.skipIf(python === "").each(snippets.map(({ page, index }) => [index + 1, page] as const))(
  "the Python code %i of /docs/%s runs as it is written",
  async (number, page) => {
    const { key, projectId } = await createFundedAccount({ credits: 50 * CREDIT });
    const code = codeOf({ page, language: "python", origin: server.origin })[number - 1] ?? "";
    const { stdout } = await run(python, ["-c", code], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: "production",
        ONEKEY_API_KEY: key,
      },
      maxBuffer: 16 * 1024 * 1024,
    });
    expect(stdout.trim().length).toBeGreaterThan(1);
    const rows = await vi.waitFor(async () => {
      const page = await listRows({ projectId, limit: 10 });
      expect(page.rows.length).toBeGreaterThan(0);
      return page.rows;
    });
    for (const row of rows) expect(row).toMatchObject({ status: 200, endedBy: "complete" });
  },
);
