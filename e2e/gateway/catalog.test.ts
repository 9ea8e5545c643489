import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import billed from "@/lib/catalog/fixtures/billed.json";
import { findModel } from "@/lib/catalog/queries";
import type { Usage } from "@/lib/catalog/schema";
import { House } from "../faults/house";
import { stopAll } from "../support/processes";
import { ask, chat, next, release, type Row } from "../support/deployment";

const preload = pathToFileURL(
  fileURLToPath(new URL("../faults/moved-clock.mjs", import.meta.url)),
).href;

let house: House;
let dir: string;
afterAll(async () => {
  await stopAll();
  await rm(dir, { recursive: true, force: true });
});

/** A house each of whose processes has the same moved clock. */
async function openAt(names: string[], instant: string): Promise<void> {
  dir = await mkdtemp(path.join(tmpdir(), "onekey-catalog-"));
  await setClock(instant);
  const clock = path.join(dir, "clock");
  const moved = { NODE_OPTIONS: `--import=${preload}`, ONEKEY_TEST_CLOCK: clock };
  house = await House.open(names, moved, async () => moved);
}
afterEach(async () => {
  await house.close();
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
): Promise<Row & { catalog_version: string }> {
  const id = response.headers.get("x-onekey-request-id") ?? "";
  for (let i = 0; i < 100; i++) {
    const row = await fetch(`${origin}/v1/usage/${id}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    if (row.status === 200) return (await row.json()) as Row & { catalog_version: string };
    await sleep(50);
  }
  throw new Error("A row is missing.");
}

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

type Billed = { model: string; tier?: string; on: string; usage: Partial<Usage>; cost: number };

/** A request of a model's first endpoint, and the usage that its provider states, in that provider's own fields. */
function requestOf({ model: id, tier, usage }: Billed): {
  path: string;
  body: object | FormData;
  stated: object;
} {
  const model = findModel(id);
  if (!model) throw new Error(`no model ${id}`);
  const [kind, value] = tier?.split(" ") ?? [];
  const named =
    kind === "speed"
      ? { speed: value }
      : kind === "geo"
        ? { inference_geo: value }
        : tier
          ? { service_tier: tier }
          : {};
  const count = (name: keyof Usage) => Number(usage[name] ?? 0);
  const [endpoint] = model.endpoints;
  const input = count("input") + count("cacheRead") + count("cacheWrite5m") + count("inputAudio");
  const output = count("output") + count("outputAudio");
  if (kind === "endpoint" && value === "decisions")
    return {
      path: "/v1/decisions",
      body: { model: id, input: "Hello", questions: [] },
      stated: {
        ...{ input_tokens: input, output_tokens: output },
        input_tokens_details: {
          cached_tokens: count("cacheRead"),
          cache_write_tokens: count("cacheWrite5m"),
        },
      },
    };
  switch (endpoint) {
    case "messages":
      return {
        ...{ path: "/v1/messages", body: { ...named, model: id, max_tokens: 500, messages: [] } },
        stated: {
          ...{
            input_tokens: count("input"),
            cache_read_input_tokens: count("cacheRead"),
            output_tokens: output,
          },
          cache_creation_input_tokens: count("cacheWrite5m") + count("cacheWrite1h"),
          cache_creation: {
            ephemeral_5m_input_tokens: count("cacheWrite5m"),
            ephemeral_1h_input_tokens: count("cacheWrite1h"),
          },
        },
      };
    case "responses":
    case "chat.completions": {
      const isChat = endpoint === "chat.completions" && model.provider !== "xai";
      const details = {
        ...{ cached_tokens: count("cacheRead"), cache_write_tokens: count("cacheWrite5m") },
        audio_tokens: count("inputAudio"),
      };
      return isChat
        ? {
            ...{
              path: "/v1/chat/completions",
              body: { ...named, model: id, max_completion_tokens: 900, messages: [] },
            },
            stated: {
              ...{
                prompt_tokens: input,
                completion_tokens: output,
                prompt_tokens_details: details,
              },
              completion_tokens_details: { audio_tokens: count("outputAudio") },
            },
          }
        : {
            ...{
              path: "/v1/responses",
              body: { ...named, model: id, max_output_tokens: 900, input: "Hello" },
            },
            stated: { input_tokens: input, output_tokens: output, input_tokens_details: details },
          };
    }
    case "embeddings":
      return {
        path: "/v1/embeddings",
        body: { model: id, input: "Hello" },
        stated: { prompt_tokens: input, total_tokens: input },
      };
    case "gemini.embedContent":
      return {
        ...{
          path: `/v1beta/models/${id}:embedContent`,
          body: { content: { parts: [{ text: "Hello" }] } },
        },
        stated: {
          promptTokenCount: input + count("inputImage") + count("inputVideo"),
          promptTokensDetails: [
            { modality: "IMAGE", tokenCount: count("inputImage") },
            { modality: "AUDIO", tokenCount: count("inputAudio") },
            { modality: "VIDEO", tokenCount: count("inputVideo") },
          ],
        },
      };
    case "gemini.generateContent":
      return {
        path: `/v1beta/models/${id}:generateContent`,
        body: {
          ...named,
          contents: [{ role: "user", parts: [{ text: "Hello" }] }],
          generationConfig: { maxOutputTokens: 2_000 },
        },
        stated: {
          ...{ promptTokenCount: input, cachedContentTokenCount: count("cacheRead") },
          candidatesTokenCount: output + count("outputImage"),
          candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: count("outputImage") }],
        },
      };
    case "gemini.decisions":
      return {
        path: "/v1beta/decisions",
        body: { model: id, input: "Hello", questions: {} },
        stated: {
          ...{ total_input_tokens: input, total_cached_tokens: count("cacheRead") },
          ...{ total_output_tokens: output, total_tokens: input + output },
        },
      };
    case "tts":
      return {
        path: "/v1/tts",
        body: { text: "x".repeat(count("characters")), language: "en" },
        stated: {},
      };
    case "stt": {
      const body = new FormData();
      body.set("file", new Blob([new Uint8Array(64_000)]), "a.wav");
      return { path: "/v1/stt", body, stated: { duration: count("milliseconds") / 1_000 } };
    }
    case "images.generations":
      return {
        path: usage.inputImages ? "/v1/images/edits" : "/v1/images/generations",
        body: {
          ...{ model: id, prompt: "A key", n: usage.images ?? 1 },
          ...(usage.inputImages
            ? { images: Array.from({ length: usage.inputImages }, () => ({ url: PIXEL })) }
            : {}),
        },
        stated: {
          ...{ input_tokens: input + count("inputImage"), output_tokens: count("outputImage") },
          input_tokens_details: { image_tokens: count("inputImage") },
        },
      };
    case "audio.speech":
      return {
        path: "/v1/audio/speech",
        body: {
          ...{ model: id, voice: "alloy", input: "x".repeat(usage.characters ?? 10) },
          ...(usage.characters === undefined ? { stream_format: "sse" } : {}),
        },
        stated: { input_tokens: input, output_tokens: output },
      };
    case "audio.transcriptions": {
      const body = new FormData();
      body.set("model", id);
      body.set("file", new Blob([new Uint8Array(64_000)]), "a.wav");
      const seconds = count("milliseconds") / 1_000;
      return {
        ...{ path: "/v1/audio/transcriptions", body },
        stated:
          seconds > 0
            ? { type: "duration", seconds }
            : {
                type: "tokens",
                input_tokens: input,
                output_tokens: output,
                input_token_details: { audio_tokens: input },
              },
      };
    }
    case "moderations":
      return { path: "/v1/moderations", body: { model: id, input: "Hello" }, stated: {} };
    default:
      throw new Error(`${id} has no endpoint that is tried here.`);
  }
}

describe("at noon of a day", () => {
  test.each([...new Set((billed as Billed[]).map(({ on }) => on))])(
    "%s: every model and tier is billed to the integer by hand, through a real server and the mock providers",
    async (on) => {
      await openAt(["a"], `${on}T12:00:00Z`);
      const origin = house.origin("a");
      const { key, email } = await house.customer("5000");
      await house.spendFreeRequests(email);
      const wrong: string[] = [];
      const wanted = (billed as Billed[]).filter((row) => row.on === on);
      expect(wanted.length).toBeGreaterThan(0);
      for (const row of wanted) {
        const { path: url, body, stated } = requestOf(row);
        await next({
          usage: stated,
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
    180_000,
  );
});

const listed = async (origin: string, key: string, id: string): Promise<boolean> => {
  const response = await fetch(`${origin}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return ((await response.json()) as { data: { id: string }[] }).data.some(
    (model) => model.id === id,
  );
};
async function until(what: () => Promise<boolean>, ms: number): Promise<number> {
  for (const startedAt = Date.now(); ; await sleep(100)) {
    if (await what()) return Date.now() - startedAt;
    if (Date.now() - startedAt > ms) throw new Error(`It did not come within ${ms} ms.`);
  }
}

describe("midnight UTC", () => {
  const usage = { prompt_tokens: 1_000, completion_tokens: 400 };
  const request = (origin: string, key: string, model: string, directive: object = {}) =>
    chat(origin, key, { model, max_tokens: 500, messages: [ask({ usage, ...directive })] });

  test.each([
    // 1000 x 2 + 400 x 10, then 1000 x 4 + 400 x 20
    ["gemini-4-argon", "2026-11-30", "2026-12-01", 6_000_000, 12_000_000],
    // 1000 x 0.75 + 400 x 3.75, then twice that
    ["gemini-3.8-flash", "2026-12-31", "2027-01-01", 2_250_000, 4_500_000],
    // 1000 x 1.25 + 400 x 10, then the rates of gemini-3.8-flash, which serves it
    ["gemini-2.5-pro", "2026-11-30", "2026-12-01", 5_250_000, 2_250_000],
  ])(
    "%s changes its price from %s to %s, for requests that start after it alone",
    async (model, before, after, old, fresh) => {
      await openAt(["a"], `${before}T23:58:00Z`);
      const origin = house.origin("a");
      const { key, email } = await house.customer("50");
      await house.spendFreeRequests(email);
      const early = await request(origin, key, model);
      expect(await rowOf(origin, key, early)).toMatchObject({ cost_nano: old });
      const over = request(origin, key, model, { hold: true });
      await until(async () => (await house.holds(email)).length === 1, 10_000);
      await setClock(`${after}T00:00:10Z`);
      const started = async () => {
        const late = await request(origin, key, model);
        return (await rowOf(origin, key, late)).cost_nano === fresh;
      };
      await until(started, 40_000);
      await release();
      const held = await over;
      expect(held.status).toBe(200);
      expect(await rowOf(origin, key, held)).toMatchObject({ cost_nano: old });
      expect(await house.problems()).toEqual([]);
    },
    120_000,
  );
});

describe("an overlay", () => {
  test("that is applied once is in force on both of two instances within 30 s, and its version is on the rows; a bad one changes nothing", async () => {
    await openAt(["a", "b"], new Date().toISOString());
    const [a, b] = [house.origin("a"), house.origin("b")];
    const { key, email } = await house.customer("50");
    await house.spendFreeRequests(email);
    const send = (origin: string) =>
      chat(origin, key, {
        ...{ model: "gpt-6-luna", max_completion_tokens: 500 },
        messages: [ask({ usage: { prompt_tokens: 1_000, completion_tokens: 400 } })],
      });
    const first = await rowOf(a, key, await send(a));
    expect(first.cost_nano).toBe(300_000);

    const prices = [{ from: "2026-09-22", rates: { input: 0.2, output: 1 } }];
    const changed = await file(
      JSON.stringify({
        models: {
          "gpt-6-luna": { prices },
          "gpt-6-sol": { retires: "2026-11-01", replacedBy: "gpt-6.2-sol" },
        },
      }),
    );
    await house.onekey("catalog", "apply", changed);
    const costs = async (origin: string) =>
      (await rowOf(origin, key, await send(origin))).cost_nano === 600_000;
    const waits = await Promise.all([a, b].map((origin) => until(() => costs(origin), 30_000)));
    expect(Math.max(...waits)).toBeLessThan(30_000);
    const row = await rowOf(b, key, await send(b));
    expect(row.catalog_version).toBe(`${first.catalog_version}+1`);
    for (const origin of [a, b]) {
      expect(await listed(origin, key, "gpt-6-sol")).toBe(false);
      const retired = await chat(origin, key, { model: "gpt-6-sol", messages: [] });
      expect(retired.status).toBe(404);
      expect(await retired.text()).toContain(
        "was retired on 2026-11-01. Send gpt-6.2-sol instead.",
      );
    }

    const bad = await file(
      '{ "models": {\n  "gpt-6-luna": { "maxOutput": 64000 },\n  "gpt-6-sol": { "retire": "2027-01-01" }\n} }',
    );
    await expect(house.onekey("catalog", "apply", bad)).rejects.toThrow(
      "Line 3: models.gpt-6-sol.retire",
    );
    const shown = await house.onekey("catalog", "show");
    expect(shown).toMatchObject({
      version: row.catalog_version,
      versions: [{ version: 1, standing: true }],
    });

    await house.onekey("catalog", "rollback");
    const restored = async (origin: string) =>
      (await rowOf(origin, key, await send(origin))).cost_nano === 300_000;
    await Promise.all([a, b].map((origin) => until(() => restored(origin), 30_000)));
    expect(await listed(b, key, "gpt-6-sol")).toBe(true);
  }, 120_000);
});
