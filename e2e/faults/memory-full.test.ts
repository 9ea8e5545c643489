import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded, type EmbeddedServer } from "@onekey/embedded-mongo";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { operatorOf, runScript } from "../support/cli";
import { launchServer, stopAll } from "../support/processes";
import { chat, countReceived, embeddedSettings, messageWith } from "../support/shared-deployment";

let dir: string;
let database: EmbeddedServer;
let origin: string;
/** How full the database's memory is, in place of the measured figure. */
let pressure = 0;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-memory-"));
  database = await startEmbedded({
    dir: path.join(dir, "sandbox"),
    memoryPressure: () => pressure,
  });
  ({ origin } = await launchServer({ environment: embeddedSettings(dir), hasPages: false }));
}, 120_000);
afterAll(async () => {
  await stopAll();
  await database.close();
  await rm(dir, { recursive: true, force: true });
});

const body = { model: "gpt-6-luna", max_tokens: 40 };
const plain = { ...body, messages: [messageWith({})] };
const slow = {
  ...body,
  stream: true,
  messages: [messageWith({ chunks: 20, chunkDelayMs: 100 })],
};

/** From here on its requests cost credits. */
async function spendFreeRequests(email: string): Promise<void> {
  const client = await new MongoClient(database.uri).connect();
  const accounts = client.db("onekey").collection("accounts");
  await accounts.updateOne({ email }, { $set: { free: { requests: 0, credits: 0 } } });
  await client.close();
}

test("before the memory is full, new requests get a 503, and what is in progress ends and is charged", async () => {
  const operator = operatorOf(embeddedSettings(dir), { isSteady: true });
  const { key, email } = await operator.createCustomer({ credits: "5" });
  const free = await operator.createCustomer();
  await spendFreeRequests(email);
  const stream = await chat(origin, key, slow);
  expect(stream.status).toBe(200);
  const receivedCount = await countReceived();

  pressure = 0.85;
  for (const callerKey of [key, free.key]) {
    const refusal = await chat(origin, callerKey, plain);
    expect(refusal.status).toBe(503);
    expect(refusal.headers.get("retry-after")).not.toBeNull();
    expect(await refusal.text()).toContain("database is full. Nothing was charged");
  }
  expect(await countReceived()).toBe(receivedCount);
  expect(await stream.text()).toContain("[DONE]");
  expect(await operator.waitUntilSettled(email)).toMatchObject({ holds: [], usage: { rows: 1 } });

  pressure = 0.95;
  const words = ["account", "create", "--email", "late@example.com"];
  const creation = await runScript("dist/cli.js", words, embeddedSettings(dir));
  expect(creation.code).toBe(1);
  expect(creation.stderr).toContain("memory is 95 % full");
  expect((await chat(origin, key, plain)).status).toBe(503);
  expect(await operator.auditProblems()).toEqual([]);

  pressure = 0;
  expect((await chat(origin, key, plain)).status).toBe(200);
  expect(await operator.waitUntilSettled(email)).toMatchObject({ holds: [], usage: { rows: 2 } });
}, 240_000);
