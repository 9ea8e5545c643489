import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import billed from "@/lib/catalog/fixtures/billed.json";
import { requestOf, type BilledCase } from "./billed-request";
import { Deployment } from "../support/deployment";
import { stopAll } from "../support/processes";
import {
  messageWith,
  chat,
  directNext,
  releaseResponses,
  type ApiUsageRow,
} from "../support/shared-deployment";

const preload = pathToFileURL(
  fileURLToPath(new URL("../faults/moved-clock.mjs", import.meta.url)),
).href;

let deployment: Deployment;
let dir: string;
afterAll(async () => {
  await stopAll();
  await rm(dir, { recursive: true, force: true });
});

/** A deployment in which all processes have the same moved clock. */
async function openAt(names: string[], instant: string): Promise<void> {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-catalog-"));
  await setClock(instant);
  const clock = path.join(dir, "clock");
  const movedClock = { NODE_OPTIONS: `--import=${preload}`, ONEKEY_TEST_CLOCK: clock };
  deployment = await Deployment.open(names, movedClock, async () => movedClock);
}
afterEach(async () => {
  await deployment.close();
});

const setClock = (instant: string) =>
  writeFile(path.join(dir, "clock"), String(Date.parse(instant) - Date.now()));

const file = async (content: string): Promise<string> => {
  const name = path.join(dir, `${Math.random().toString(36).slice(2)}.json`);
  await writeFile(name, content);
  return name;
};
/** The row of a response, once its request is settled. */
async function rowOf(
  origin: string,
  key: string,
  response: Response,
): Promise<ApiUsageRow & { catalog_version: string }> {
  const id = response.headers.get("x-onekey-request-id") ?? "";
  for (let i = 0; i < 1_200; i++) {
    const row = await fetch(`${origin}/v1/usage/${id}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    if (row.status === 200) return (await row.json()) as ApiUsageRow & { catalog_version: string };
    await sleep(50);
  }
  throw new Error("A row is missing.");
}

describe("at noon of a day", () => {
  test.each([...new Set((billed as BilledCase[]).map(({ on }) => on))])(
    "%s: every model and tier is billed to the integer by hand, through a real server and the mock providers",
    async (on) => {
      await openAt(["a"], `${on}T12:00:00Z`);
      const origin = deployment.origin("a");
      const { key, email } = await deployment.operator.createCustomer({ credits: "5000" });
      await deployment.spendFreeRequests(email);
      const wrong: string[] = [];
      const cases = (billed as BilledCase[]).filter((row) => row.on === on);
      expect(cases.length).toBeGreaterThan(0);
      for (const row of cases) {
        const { path: url, body, stated: usage } = requestOf(row);
        await directNext({
          usage: usage,
          ...(row.tier && !row.tier.includes(" ") ? { serviceTier: row.tier } : {}),
        });
        const isForm = body instanceof FormData;
        const response = await fetch(`${origin}${url}`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${key}`,
            ...(isForm ? {} : { "content-type": "application/json" }),
          },
          body: isForm ? body : JSON.stringify(body),
        });
        const text = await response.text();
        if (response.status !== 200) {
          wrong.push(`${row.model} ${row.tier ?? ""}: ${response.status} ${text.slice(0, 200)}`);
          continue;
        }
        const billedRow = await rowOf(origin, key, response);
        if (billedRow.cost_nano !== row.cost || billedRow.model !== row.model)
          wrong.push(`${row.model} ${row.tier ?? ""}: ${billedRow.cost_nano} for ${row.cost}`);
      }
      expect(wrong).toEqual([]);
    },
  );
});

const isListed = async (origin: string, key: string, id: string): Promise<boolean> => {
  const response = await fetch(`${origin}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return ((await response.json()) as { data: { id: string }[] }).data.some(
    (model) => model.id === id,
  );
};
const until = (isTrue: () => Promise<boolean>) =>
  expect.poll(isTrue, { interval: 500, timeout: 120_000 }).toBe(true);

describe("midnight UTC", () => {
  const usage = { prompt_tokens: 1_000, completion_tokens: 400 };
  const request = (origin: string, key: string, model: string, directive: object = {}) =>
    chat(origin, key, { model, max_tokens: 500, messages: [messageWith({ usage, ...directive })] });

  test.each([
    // 1000 x 2 + 400 x 10, then 1000 x 4 + 400 x 20
    ["gemini-4-argon", "2026-11-30", "2026-12-01", 6_000_000, 12_000_000],
    // 1000 x 0.75 + 400 x 3.75, then twice that
    ["gemini-3.8-flash", "2026-12-31", "2027-01-01", 2_250_000, 4_500_000],
    // 1000 x 1.25 + 400 x 10, then the rates of gemini-3.8-flash, which serves it
    ["gemini-2.5-pro", "2026-11-30", "2026-12-01", 5_250_000, 2_250_000],
  ])(
    "%s changes its price from %s to %s, only for requests that start afterwards",
    async (model, before, after, old, fresh) => {
      await openAt(["a"], `${before}T23:58:00Z`);
      const origin = deployment.origin("a");
      const { key, email } = await deployment.operator.createCustomer({ credits: "50" });
      await deployment.spendFreeRequests(email);
      const early = await request(origin, key, model);
      expect(await rowOf(origin, key, early)).toMatchObject({ cost_nano: old });
      const over = request(origin, key, model, { hold: true });
      await until(async () => (await deployment.holds(email)).length === 1);
      await setClock(`${after}T00:00:10Z`);
      const startServer = async () => {
        const late = await request(origin, key, model);
        return (await rowOf(origin, key, late)).cost_nano === fresh;
      };
      await until(startServer);
      await releaseResponses();
      const response = await over;
      expect(response.status).toBe(200);
      expect(await rowOf(origin, key, response)).toMatchObject({ cost_nano: old });
      expect(await deployment.operator.auditProblems()).toEqual([]);
    },
  );
});

describe("an overlay", () => {
  test("is in force on two instances, and on the rows, after one command; a bad one is not", async () => {
    await openAt(["a", "b"], new Date().toISOString());
    const [a, b] = [deployment.origin("a"), deployment.origin("b")];
    const { key, email } = await deployment.operator.createCustomer({ credits: "50" });
    await deployment.spendFreeRequests(email);
    const send = (origin: string) =>
      chat(origin, key, {
        model: "gpt-6-luna",
        max_completion_tokens: 500,
        messages: [messageWith({ usage: { prompt_tokens: 1_000, completion_tokens: 400 } })],
      });
    const first = await rowOf(a, key, await send(a));
    expect(first.cost_nano).toBe(300_000);

    const prices = [{ from: "2026-09-22", rates: { input: 0.2, output: 1 } }];
    const changedFile = await file(
      JSON.stringify({
        models: {
          "gpt-6-luna": { prices },
          "gpt-6-sol": { retires: "2026-11-01", replacedBy: "gpt-6.2-sol" },
        },
      }),
    );
    await deployment.operator.onekey("catalog", "apply", changedFile);
    const costs = async (origin: string) =>
      (await rowOf(origin, key, await send(origin))).cost_nano === 600_000;
    await Promise.all([a, b].map((origin) => until(() => costs(origin))));
    const row = await rowOf(b, key, await send(b));
    expect(row.catalog_version).toBe(`${first.catalog_version}+1`);
    for (const origin of [a, b]) {
      expect(await isListed(origin, key, "gpt-6-sol")).toBe(false);
      const response = await chat(origin, key, { model: "gpt-6-sol", messages: [] });
      expect(response.status).toBe(404);
      expect(await response.text()).toContain(
        "was retired on 2026-11-01. Send gpt-6.2-sol instead.",
      );
    }

    const bad = await file(
      '{ "models": {\n  "gpt-6-luna": { "maxOutput": 64000 },\n  "gpt-6-sol": { "retire": "2027-01-01" }\n} }',
    );
    await expect(deployment.operator.onekey("catalog", "apply", bad)).rejects.toThrow(
      "Line 3: models.gpt-6-sol.retire",
    );
    const catalog = await deployment.operator.onekey("catalog", "show");
    expect(catalog).toMatchObject({
      version: row.catalog_version,
      versions: [{ version: 1, standing: true }],
    });

    await deployment.operator.onekey("catalog", "rollback");
    const isRestored = async (origin: string) =>
      (await rowOf(origin, key, await send(origin))).cost_nano === 300_000;
    await Promise.all([a, b].map((origin) => until(() => isRestored(origin))));
    expect(await isListed(b, key, "gpt-6-sol")).toBe(true);
  });
});
