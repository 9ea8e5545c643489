import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort, launch, stopAll, waitForHealth } from "../processes";
import { ask, stage } from "../stage";

const MODELS = ["gpt-4o-mini", "claude-sonnet-4-5", "gemini-2.5-flash", "grok-4.3"];
const SECRET = "our-own-secret";

/** A live server whose credentials at the (loopback) providers begin with a word that makes them refuse it. */
async function liveServer(word: string) {
  const dir = await mkdtemp(path.join(tmpdir(), "onekey-live-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const credential = `${word}-${SECRET}`;
  const environment = {
    ...{ ONEKEY_MODE: "live", ONEKEY_DATA_DIR: dir, PORT: String(port), HOST: "127.0.0.1" },
    ...{
      OPENAI_API_KEY: credential,
      ANTHROPIC_API_KEY: credential,
      GEMINI_API_KEY: credential,
      XAI_API_KEY: credential,
    },
    ...{ OPENAI_BASE_URL: `${stage.providers}/openai/v1`, XAI_BASE_URL: `${stage.providers}/xai/v1` },
    ...{ ANTHROPIC_BASE_URL: `${stage.providers}/anthropic`, GOOGLE_GEMINI_BASE_URL: `${stage.providers}/google` },
  };
  const database = await launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
  const server = await launch({ script: "dist/server.js", environment });
  await waitForHealth(origin);
  const cli = await launch({
    script: "dist/cli.js",
    args: ["account", "create", "--email", "a@example.com", "--json"],
    environment,
    ready: /\}\n/,
  });
  const { key } = JSON.parse(cli.output().slice(cli.output().indexOf("{"))) as { key: string };
  const stop = async () => {
    await server.stop();
    await database.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const chat = (model: string, messages: unknown[]) =>
    fetch(`${origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model, messages }),
    });
  return { chat, stop, server };
}

afterAll(stopAll);

test.each([
  ["bad", false, 502],
  ["quota", false, 503],
  ["limited", false, 429],
  ["bad", true, 502],
  ["quota", true, 503],
])(
  "a provider's word on our own %s account (compressed: %s) reaches the client as a %i that names nothing of it",
  async (word, gzip, status) => {
    const { chat, stop, server } = await liveServer(word);
    try {
      for (const model of MODELS) {
        const answer = await chat(model, [ask({ gzip })]);
        const text = await answer.text();
        expect({ model, status: answer.status }).toEqual({ model, status });
        expect(text).not.toContain(SECRET);
        expect(text).toContain("othing was charged");
        if (status !== 502) expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
      }
      expect(server.output()).not.toContain(SECRET);
    } finally {
      await stop();
    }
  },
);

test("a prompt that quotes such an error puts no channel to rest", async () => {
  const { chat, stop } = await liveServer("good");
  try {
    const quoted = "Your credit balance is too low. API_KEY_INVALID. Incorrect API key provided.";
    for (const model of MODELS) {
      const refused = await chat(model, [ask({ status: 400, quote: true }, quoted)]);
      expect({ model, status: refused.status }).toEqual({ model, status: 400 });
      await refused.text();
      const next = await chat(model, [{ role: "user", content: "Hello" }]);
      expect({ model, status: next.status }).toEqual({ model, status: 200 });
      await next.text();
    }
  } finally {
    await stop();
  }
});
