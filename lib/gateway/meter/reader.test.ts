import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costOf } from "@/lib/catalog/cost";
import { findModel, ratesAt } from "@/lib/catalog/queries";
import { data, type Fixture } from "./fixtures/fixture";
import { OPENAI } from "./fixtures/openai";
import { NEWER } from "./fixtures/newer";
import { ANTHROPIC, GOOGLE, XAI } from "./fixtures/others";
import { createUsageReader, type UsageReader } from "./reader";

const FIXTURES = [...OPENAI, ...ANTHROPIC, ...GOOGLE, ...XAI, ...NEWER];

function readerOf(fixture: Fixture, contentEncoding?: string): UsageReader {
  const { endpoint, provider, type, body, characters, inputImages, longCache } = fixture;
  const contentType =
    type ??
    (/^(data:|event:|:)/.test(body) ? "text/event-stream; charset=utf-8" : "application/json");
  return createUsageReader({
    endpoint,
    provider,
    contentType,
    characters,
    inputImages,
    longCache,
    contentEncoding,
  });
}

function run(fixture: Fixture, cuts: readonly number[] = []): UsageReader {
  const reader = readerOf(fixture);
  const bytes = Buffer.from(fixture.body);
  const at = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  for (let index = 1; index < at.length; index++)
    reader.push(Uint8Array.prototype.slice.call(bytes, at[index - 1], at[index]));
  reader.end();
  return reader;
}

describe("usage, exactly", () => {
  it("has a fixture for every provider, dialect and trap", () =>
    expect(FIXTURES.length).toBeGreaterThanOrEqual(40));

  it.each(FIXTURES.map((fixture) => [`${fixture.provider}: ${fixture.name}`, fixture] as const))(
    "%s",
    (_, fixture) => {
      const reader = run(fixture);
      const model = findModel(fixture.model);
      if (!model) throw new Error(`no model ${fixture.model}`);
      expect(model.provider).toBe(fixture.provider);
      expect(model.endpoints).toContain(fixture.endpoint);
      const rates = ratesAt({
        ...fixture,
        model,
        at: new Date(fixture.at ?? "2026-11-24T12:00:00Z"),
      });
      const usage = reader.usage();
      if (!rates || !usage) throw new Error("no rates or no usage");
      expect(costOf({ rates, usage }), fixture.sum).toBe(fixture.cost);
      if (fixture.terminal) expect(reader.terminal()).toBe(fixture.terminal);
      if (fixture.ids) expect(reader.responseIds().sort()).toEqual([...fixture.ids].sort());
    },
  );
});

describe("however the bytes are cut", () => {
  it("reads the same one byte at a time", () => {
    for (const fixture of FIXTURES) {
      const inOnePiece = run(fixture);
      const single = run(
        fixture,
        Array.from({ length: Buffer.byteLength(fixture.body) }, (_, index) => index),
      );
      expect(single.usage(), fixture.name).toEqual(inOnePiece.usage());
      expect(single.terminal(), fixture.name).toBe(inOnePiece.terminal());
      expect(single.responseIds().sort(), fixture.name).toEqual(inOnePiece.responseIds().sort());
    }
  });

  it("reads the same in any chunks", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FIXTURES),
        fc.array(fc.nat(20_000), { maxLength: 12 }),
        (fixture, cuts) => {
          expect(run(fixture, cuts).usage()).toEqual(run(fixture).usage());
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is not misled by any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.array(fc.nat(5_000), { maxLength: 6 }),
        (words, cuts) => {
          const content = `${words}"usage":{"prompt_tokens":99,"completion_tokens":99}}\n\ndata: [DONE]\\`;
          const body =
            data({ choices: [{ delta: { content } }], usage: null }) +
            data({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }) +
            data("[DONE]");
          const fixture: Fixture = {
            name: "text",
            provider: "openai",
            endpoint: "chat.completions",
            model: "gpt-4o",
            body,
            sum: "",
            cost: 0,
          };
          expect(run(fixture, cuts).usage()).toMatchObject({ input: 3, output: 4 });
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
  ] as const)("unpacks %s for itself", async (encoding, pack) => {
    for (const fixture of FIXTURES.slice(0, 20)) {
      const reader = readerOf(fixture, encoding);
      const bytes = pack(Buffer.from(fixture.body));
      for (let at = 0; at < bytes.length; at += 100) reader.push(bytes.subarray(at, at + 100));
      reader.end();
      await reader.settled();
      expect(reader.usage(), fixture.name).toEqual(run(fixture).usage());
    }
  });

  it("does not throw or hang on a broken compressed response", async () => {
    const reader = createUsageReader({
      endpoint: "messages",
      provider: "anthropic",
      contentType: "application/json",
      contentEncoding: "gzip",
    });
    reader.push(Buffer.from("not gzip at all"));
    reader.push(Buffer.from("more"));
    reader.end();
    await reader.settled();
    expect(reader.usage()).toBeNull();
  });
});

describe("what is not there", () => {
  const chat = {
    name: "",
    provider: "openai",
    endpoint: "chat.completions",
    model: "gpt-4o",
    sum: "",
    cost: 0,
  } as const;

  it("has no usage where the provider gave none", () => {
    const reader = run({
      ...chat,
      body: data({ choices: [{ delta: { content: "Hi" } }], usage: null }) + data("[DONE]"),
    });
    expect(reader.usage()).toBeNull();
    expect(reader.terminal()).toBe("complete");
    expect(reader.sample()).toBe("Hi");
    expect(reader.firstVisibleAt()).not.toBeNull();
  });

  it("does not take Anthropic's first word for the last", () => {
    const start = {
      type: "message_start",
      message: { usage: { input_tokens: 25, cache_read_input_tokens: 7, output_tokens: 1 } },
    };
    const reader = run({
      ...chat,
      provider: "anthropic",
      endpoint: "messages",
      body:
        data(start) +
        data({ type: "content_block_delta", delta: { type: "text_delta", text: "Hi" } }),
    });
    expect(reader.usage()).toBeNull();
    expect(reader.partial()).toMatchObject({ input: 25, cacheRead: 7 });
    expect(reader.terminal()).toBeNull();
  });

  it("keeps bounded memory over a huge event, and finds the usage at its end", () => {
    const reader = createUsageReader({
      endpoint: "responses",
      provider: "openai",
      contentType: "text/event-stream",
    });
    reader.push(
      Buffer.from(
        'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_9","output":[{"id":"msg_9","type":"message","content":[{"type":"output_text","text":"',
      ),
    );
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 512; index++)
      reader.push(Buffer.alloc(65_536, `\\"usage\\":{\\"input_tokens\\":1} `));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 * 2 ** 20);
    reader.push(Buffer.from('"}]}],"usage":{"input_tokens":11,"output_tokens":12}}}\n\n'));
    expect(reader.usage()).toMatchObject({ input: 11, output: 12 });
    expect(reader.terminal()).toBe("complete");
    expect(reader.responseIds()).toEqual(["resp_9", "msg_9"]);
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FIXTURES),
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }),
        (fixture, chunks) => {
          const reader = readerOf(fixture);
          for (const chunk of chunks) reader.push(chunk);
          reader.push(
            Buffer.from(
              'data: {"usage":{"prompt_tokens":-1,"completion_tokens":"x","input_tokens":1e99,"promptTokenCount":[]}}\n\n]]}}',
            ),
          );
          reader.end();
          reader.usage();
          reader.sample();
          reader.visibleChars();
          reader.responseIds();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a long usage", () => {
  const iteration = { type: "message", input_tokens: 1_000, output_tokens: 100 };
  const stream = (iterations: number) => {
    const usage = {
      input_tokens: iterations * 1_000,
      output_tokens: iterations * 100,
      iterations: Array.from({ length: iterations }, () => iteration),
    };
    return [
      { type: "message_start", message: { usage } },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 7 } },
      { type: "message_stop" },
    ]
      .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      .join("");
  };
  const read = (iterations: number) =>
    run({
      name: "long",
      provider: "anthropic",
      endpoint: "messages",
      model: "claude-opus-5-5",
      body: stream(iterations),
      sum: "",
      cost: 0,
    });

  it.each([10, 90, 5_000])("of %i iterations is read", (iterations) => {
    expect(read(iterations).usage()).toMatchObject({ input: iterations * 1_000, output: 7 });
  });

  it("that is too long to keep states nothing, so that the request is estimated", () => {
    expect(read(40_000).usage()).toBeNull();
  });
});
