import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findModel } from "@/lib/catalog/queries";
import { setClock } from "@/lib/clock";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { usage } from "@/lib/usage/collection";
import { CASES } from "../meter/fixtures/cases";
import { randomFrom } from "../meter/fixtures/estimate-cases";
import type { Fixture } from "../meter/fixtures/fixture";
import { OPENAI } from "../meter/fixtures/openai";
import { ANTHROPIC, GOOGLE, XAI } from "../meter/fixtures/others";
import { createCustomer, startGateway, useMockUpstream } from "../upstream/testing/gateway";

const FIXTURES = [...OPENAI, ...ANTHROPIC, ...GOOGLE, ...XAI, ...CASES];
/** How often each is replayed, cut and compressed differently each time. */
const REPLAYS = process.env.ONEKEY_TEST_LONG ? 80 : 2;
const CUSTOMERS = 20;
const USUAL_DAY = "2026-11-24";
const DAY_MS = 86_400_000;

const ENCODINGS = [
  ["identity", (body: Buffer) => body],
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["deflate", deflateSync],
] as const;

type Replay = { fixture: Fixture; seed: number };
/** The replay that each request's text names. */
const replays = new Map<string, Replay>();

const isStream = ({ type, body }: Fixture) =>
  /event-stream/.test(type ?? "") || (type === undefined && /^(data:|event:|:)/.test(body));

const upstream = createServer({ keepAliveTimeout: 60_000 }, async (req, res) => {
  const pieces: Buffer[] = [];
  for await (const piece of req) pieces.push(piece as Buffer);
  const number = /#(\d+)#/.exec(Buffer.concat(pieces).toString("latin1"))?.[1] ?? "";
  const replay = replays.get(number);
  if (!replay) return void res.writeHead(500).end();
  const { fixture, seed } = replay;
  const next = randomFrom(seed);
  const [encoding, compress] = ENCODINGS[seed % ENCODINGS.length] ?? ENCODINGS[0];
  res.writeHead(200, {
    "content-type": fixture.type ?? (isStream(fixture) ? "text/event-stream" : "application/json"),
    ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
  });
  const bytes = compress(Buffer.from(fixture.body));
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + next(1 + next(bytes.length));
    res.write(bytes.subarray(at, end));
    if (next(4) === 0) await new Promise((resolve) => setImmediate(resolve));
    at = end;
  }
  res.end();
});
await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
useMockUpstream({ origin } as Parameters<typeof useMockUpstream>[0], "first");
useOwnDatabase(ensureIndexes);
let gateway: Awaited<ReturnType<typeof startGateway>>;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(async () => {
  await gateway.close();
  upstream.closeAllConnections();
  upstream.close();
});

/** Noon of the day on which a fixture's prices are in force and its model is offered: both change at midnight UTC. */
function instantOf({ at = USUAL_DAY, model }: Fixture): string {
  const day = at.slice(0, 10);
  const retires = findModel(model, new Date(at))?.retires;
  const lastDay =
    retires !== undefined && retires <= day
      ? new Date(Date.parse(retires) - DAY_MS).toISOString().slice(0, 10)
      : day;
  return `${lastDay}T12:00:00Z`;
}

/** The request that a fixture responds to; its text names the replay. */
async function requestOf(
  fixture: Fixture,
  text: string,
): Promise<{ path: string; body: Uint8Array<ArrayBuffer>; type: string }> {
  const { endpoint, model, serviceTier, speed, inferenceGeo, characters = 0, longCache } = fixture;
  const stream = isStream(fixture);
  const messages = [{ role: "user", content: text }];
  const cacheOptions = longCache ? { prompt_cache_options: { ttl: "12h" } } : {};
  const tier = serviceTier === undefined ? {} : { service_tier: serviceTier };
  const json = (path: string, body: object) => ({
    path,
    body: new Uint8Array(Buffer.from(JSON.stringify(body))),
    type: "application/json",
  });
  const gemini = (action: string, body: object) => json(`/v1beta/models/${model}:${action}`, body);
  switch (endpoint) {
    case "chat.completions":
      return json("/v1/chat/completions", { model, messages, stream, ...tier, ...cacheOptions });
    case "responses":
    case "responses.compact":
    case "responses.input_tokens":
      return json(`/v1/${endpoint.replace(".", "/")}`, {
        model,
        input: text,
        ...tier,
        ...(endpoint === "responses" ? { stream } : {}),
        ...cacheOptions,
      });
    case "messages":
    case "messages.count_tokens":
      return json(`/v1/${endpoint.replace(".", "/")}`, {
        model,
        messages,
        ...tier,
        ...(endpoint === "messages" ? { max_tokens: 64_000, stream } : {}),
        ...(speed === undefined ? {} : { speed }),
        ...(inferenceGeo === undefined ? {} : { inference_geo: inferenceGeo }),
      });
    case "embeddings":
      return json("/v1/embeddings", { model, input: text });
    case "moderations":
      return json("/v1/moderations", { model, input: text });
    case "images.generations":
      return json("/v1/images/generations", { model, prompt: text });
    case "audio.speech":
      return json("/v1/audio/speech", { model, voice: "a", input: text.padEnd(characters, "x") });
    case "images.edits":
    case "audio.transcriptions": {
      const form = new FormData();
      form.set("model", model);
      form.set("prompt", text);
      const file = new File([new Uint8Array(900_000)], "file");
      form.set(endpoint === "images.edits" ? "image" : "file", file);
      const response = new Response(form);
      return {
        path: `/v1/${endpoint.replace(".", "/")}`,
        body: new Uint8Array(await response.arrayBuffer()),
        type: response.headers.get("content-type") ?? "",
      };
    }
    case "gemini.embedContent":
      return gemini("embedContent", { content: { parts: [{ text }] } });
    case "gemini.batchEmbedContents":
      return gemini("batchEmbedContents", {
        requests: [{ model: `models/${model}`, content: { parts: [{ text }] } }],
      });
    case "gemini.countTokens":
    case "gemini.generateContent":
    case "gemini.streamGenerateContent":
      return gemini(endpoint.slice("gemini.".length), { contents: [{ parts: [{ text }] }] });
    default:
      throw new Error(`${endpoint} has no fixture that is replayed here.`);
  }
}

/** Replays fixtures at an instant; the fixture of each request by its id. */
async function replayAt(instant: string, fixtures: Fixture[]): Promise<Map<string, Fixture>> {
  const askedAt = performance.now();
  setClock({ databaseTime: new Date(instant), askedAt, answeredAt: askedAt });
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => createCustomer()));
  const fixturesById = new Map<string, Fixture>();
  for (let replay = 0; replay < REPLAYS; replay++)
    await Promise.all(
      fixtures.map(async (fixture, index) => {
        const number = String(replays.size + 1);
        replays.set(number, { fixture, seed: replays.size * 7 + replay });
        const { path, body, type } = await requestOf(fixture, `#${number}# hello`);
        const response = await fetch(`${gateway.origin}${path}`, {
          method: "POST",
          body,
          headers: {
            authorization: `Bearer ${customers[index % CUSTOMERS]?.key}`,
            "content-type": type,
          },
        });
        const text = await response.text();
        expect(response.status, `${fixture.name}: ${text}`).toBe(200);
        fixturesById.set(response.headers.get("x-onekey-request-id") ?? "", fixture);
      }),
    );
  return fixturesById;
}

test("every stated usage is charged to the nano-credit, however it arrives", async () => {
  const fixturesById = new Map<string, Fixture>();
  for (const instant of new Set(FIXTURES.map(instantOf))) {
    const fixtures = FIXTURES.filter((fixture) => instantOf(fixture) === instant);
    for (const [id, fixture] of await replayAt(instant, fixtures)) fixturesById.set(id, fixture);
  }
  const rows = await vi.waitFor(
    async () => {
      const ids = [...fixturesById.keys()];
      const settledRows = await usage.find({ _id: { $in: ids } }).toArray();
      if (settledRows.length < ids.length) throw new Error(`${settledRows.length} are settled.`);
      return settledRows;
    },
    { timeout: 60_000, interval: 50 },
  );
  const wrongRows = rows.filter(
    ({ _id, cost, usageSource }) =>
      cost !== fixturesById.get(_id)?.cost || usageSource !== "provider",
  );
  console.log(`${rows.length - wrongRows.length} of ${rows.length} stated usages exact`);
  expect(
    wrongRows.map(({ _id, cost, usageSource }) => [fixturesById.get(_id)?.name, cost, usageSource]),
  ).toEqual([]);
  expect(rows.length).toBe(FIXTURES.length * REPLAYS);
}, 1_200_000);
