import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { launch, launchServer, root, type Door } from "./processes";
import { stage, type Row } from "./deployment";

const run = promisify(execFile);

/**
 * A live server with a database of its own, whose providers are the stage's stand-ins. How its credential begins decides how
 * a provider takes it; several are given separated by commas, and each is a channel.
 */
export async function startLive({
  credentials,
  door,
  more = {},
}: {
  credentials: string;
  door?: Door;
  more?: Record<string, string>;
}) {
  const dir = await mkdtemp(path.join(tmpdir(), "onekey-live-"));
  const environment: Record<string, string> = {
    ...{ ONEKEY_MODE: "live", ONEKEY_DATA_DIR: dir, HOST: "127.0.0.1" },
    ...{ OPENAI_API_KEY: credentials, ANTHROPIC_API_KEY: credentials },
    ...{ GEMINI_API_KEY: credentials, XAI_API_KEY: credentials },
    ...{
      OPENAI_BASE_URL: `${stage.providers}/openai/v1`,
      XAI_BASE_URL: `${stage.providers}/xai/v1`,
    },
    ...{
      ANTHROPIC_BASE_URL: `${stage.providers}/anthropic`,
      GOOGLE_GEMINI_BASE_URL: `${stage.providers}/google`,
    },
    ...more,
  };
  const database = await launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
  const server = await launchServer({ environment, ...(door ? { door } : {}) });
  const { origin } = server;
  const onekey = async (...words: string[]) => {
    const { stdout } = await run(process.execPath, ["dist/cli.js", ...words, "--json"], {
      cwd: root,
      env: { NODE_ENV: "production", PATH: process.env.PATH, ...environment },
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const { key } = (await onekey("account", "create", "--email", "a@example.com")) as {
    key: string;
  };
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const post = (path: string, body: unknown, as = key) =>
    fetch(`${origin}${path}`, {
      method: "POST",
      headers: { ...headers, authorization: `Bearer ${as}` },
      body: JSON.stringify(body),
    });
  return {
    ...{ server, origin, key, onekey, environment, post },
    chat: (
      model: string,
      messages: unknown[],
      more: Record<string, unknown> = {},
      as: string = key,
    ) => post("/v1/chat/completions", { model, messages, ...more }, as),
    /** The key of another account with credits. */
    createCustomer: async (): Promise<string> => {
      const email = `${randomUUID()}@example.com`;
      return String((await onekey("account", "create", "--email", email, "--credits", "50")).key);
    },
    rows: async (): Promise<Row[]> =>
      ((await (await fetch(`${origin}/v1/usage`, { headers })).json()) as { data: Row[] }).data,
    stop: async () => {
      await server.stop();
      await database.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
