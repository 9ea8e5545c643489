import { execFile } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
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

function runPython(args: string[], variables: Record<string, string>) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NODE_ENV: "production" as const, ...variables };
  const result = run(python, args, { env, maxBuffer: 16 * 1024 * 1024 });
  // llm adds to its prompt what it reads from a pipe.
  result.child.stdin?.end();
  return result;
}

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

test.skipIf(python === "")("xai-sdk, which speaks gRPC, says what to use instead", async () => {
  const { key } = await createFundedAccount({ credits: CREDIT });
  const code = `
import os
from xai_sdk import Client
from xai_sdk.chat import user

client = Client(
    api_key=os.environ["ONEKEY_API_KEY"], api_host="${server.address}", use_insecure_channel=True
)
chat = client.chat.create(model="grok-4.7")
chat.append(user("Hello"))
try:
    chat.sample()
except Exception as error:
    print(error.code().name, error.details())
`;
  const { stdout } = await runPython(["-c", code], { ONEKEY_API_KEY: key });
  expect(stdout).toMatch(/^UNIMPLEMENTED OneKey speaks HTTP\/1\.1.*OpenAI SDK/);
});

test.skipIf(python === "")("llm chats with the models that its page names", async () => {
  const { key } = await createFundedAccount({ credits: CREDIT });
  const directory = await mkdtemp(path.join(tmpdir(), "onekey-llm-"));
  const [file = ""] = codeOf({ page: "llm", language: "yaml", origin: server.origin });
  await writeFile(path.join(directory, "extra-openai-models.yaml"), file);
  const llm = (...args: string[]) =>
    runPython(["-m", "llm", ...args], { LLM_USER_PATH: directory });
  await llm("keys", "set", "onekey", "--value", key);
  const models = [...file.matchAll(/model_id: (\S+)/g)].map(([, id = ""]) => id);
  expect(models.length).toBeGreaterThan(0);
  for (const model of models) {
    const { stdout } = await llm("-m", model, "Hello");
    expect(stdout.trim().length, model).toBeGreaterThan(1);
  }
});

// Without Python, `npm run test:clients` says so in one line.
test.skipIf(python === "").each(snippets.map(({ page, index }) => [index + 1, page] as const))(
  "the Python code %i of /docs/%s runs as it is written",
  async (number, page) => {
    const { key, projectId } = await createFundedAccount({ credits: 50 * CREDIT });
    const code = codeOf({ page, language: "python", origin: server.origin })[number - 1] ?? "";
    const { stdout } = await runPython(["-c", code], { ONEKEY_API_KEY: key });
    expect(stdout.trim().length).toBeGreaterThan(1);
    const rows = await vi.waitFor(async () => {
      const page = await listRows({ projectId, limit: 10 });
      expect(page.rows.length).toBeGreaterThan(0);
      return page.rows;
    });
    for (const row of rows) expect(row).toMatchObject({ status: 200, endedBy: "complete" });
  },
);
