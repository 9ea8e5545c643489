import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { afterAll, expect, test } from "vitest";
import { freePort, launch, root, stopAll, waitForHealth } from "../support/processes";
import { ask, chat, embedded, type Shown } from "../support/deployment";

afterAll(stopAll);

test("a database that is gone when a request ends: the answer is whole, the server stays up, and the request is settled once it is back", async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-down-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = { ...embedded(dataDir), PORT: String(port) };
  const database = () => launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
  const onekey = (...words: string[]) =>
    JSON.parse(
      execFileSync(process.execPath, ["dist/cli.js", ...words, "--json"], {
        cwd: root,
        env: { NODE_ENV: "production", PATH: process.env.PATH, ...environment },
      }).toString(),
    ) as Record<string, unknown>;
  const first = await database();
  const server = await launch({ script: "dist/server.js", environment });
  await waitForHealth(origin);
  const health = async () => [
    (await fetch(`${origin}/api/health`)).status,
    (await fetch(`${origin}/api/health/ready`)).status,
  ];
  expect(await health()).toEqual([200, 200]);
  const { key } = onekey("account", "create", "--email", "a@example.com", "--credits", "1") as {
    key: string;
  };
  const body = { model: "gpt-4o-mini", stream: true, max_tokens: 50 };
  const running = chat(origin, key, {
    ...body,
    messages: [ask({ chunks: 10, chunkDelayMs: 200 })],
  });
  const refused = chat(origin, key, {
    ...body,
    messages: [ask({ delayMs: 1_500, dropConnection: true })],
  });
  await new Promise((resolve) => setTimeout(resolve, 800));
  await first.stop("SIGKILL");
  const goneAt = performance.now();
  expect((await refused).status).toBe(502);
  expect(performance.now() - goneAt).toBeLessThan(5_000);
  expect(await (await running).text()).toContain("data: [DONE]");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(server.child.exitCode).toBeNull();
  expect(await health()).toEqual([200, 503]);
  const second = await database();
  let shown = onekey("account", "show", "--email", "a@example.com") as unknown as Shown;
  for (let i = 0; i < 60 && shown.holds.length > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    shown = onekey("account", "show", "--email", "a@example.com") as unknown as Shown;
  }
  expect(shown).toMatchObject({ holds: [], freeRequests: 19, usage: { rows: 2 } });
  expect(onekey("audit").problems).toEqual([]);
  expect((await chat(origin, key, { ...body, messages: [ask({})] })).status).toBe(200);
  await server.stop();
  await second.stop();
  await rm(dataDir, { recursive: true, force: true });
}, 120_000);
