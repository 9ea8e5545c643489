import fc from "fast-check";
import { expect, test } from "vitest";
import { scanBody } from "../body-scan";
import { createUsageFilter, addUsageOption } from "./stream-usage";

const messages = '"messages":[{"role":"user","content":"{\\"stream_options\\":{}}"}]';
const usageOption = '"stream_options":{"include_usage":true}';

async function ask(text: string, contentEncoding?: string): Promise<string | null> {
  const body = Buffer.from(text);
  const scan = await scanBody({
    endpoint: "chat.completions",
    body,
    contentType: "application/json",
  });
  return (
    addUsageOption({ body, scan, endpoint: "chat.completions", contentEncoding })?.toString() ??
    null
  );
}

test.each([
  [
    `{"model":"m","stream":true,${messages}}`,
    `{${usageOption},"model":"m","stream":true,${messages}}`,
  ],
  [
    ` \n{ "model":"m","stream":true,${messages}}\n`,
    ` \n{${usageOption}, "model":"m","stream":true,${messages}}\n`,
  ],
  [
    `{${messages},"stream":true,"stream_options":{"include_obfuscation":false},"model":"m"}`,
    `{${messages},"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"model":"m"}`,
  ],
  [
    `{"model":"m","stream":true,"stream_options": { },${messages}}`,
    `{"model":"m","stream":true,"stream_options": {"include_usage":true },${messages}}`,
  ],
])("exactly one field is added where the client left it out: %s", async (body, sentBody) => {
  expect(await ask(body)).toBe(sentBody);
  expect(JSON.parse(sentBody)).toMatchObject({ stream_options: { include_usage: true } });
});

test.each([
  ["asked for", `{"model":"m","stream":true,${usageOption},${messages}}`],
  ["declined", `{"model":"m","stream":true,"stream_options":{"include_usage":false},${messages}}`],
  ["null", `{"model":"m","stream":true,"stream_options":null,${messages}}`],
  ["not streamed", `{"model":"m",${messages}}`],
])("nothing is added where it is %s", async (_, body) => {
  expect(await ask(body)).toBeNull();
});

test("nothing is added to a compressed body, nor at other endpoints", async () => {
  expect(await ask(`{"model":"m","stream":true,${messages}}`, "gzip")).toBeNull();
  const body = Buffer.from('{"model":"m","stream":true}');
  const scan = { stream: true, includeUsage: null, streamOptionsAt: null };
  expect(addUsageOption({ body, scan, endpoint: "responses" })).toBeNull();
});

const event = (value: unknown, end = "\n\n") =>
  `data: ${typeof value === "string" ? value : JSON.stringify(value)}${end}`;
const delta = (content: string) => ({ choices: [{ index: 0, delta: { content } }], usage: null });
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } };

/** Passes a stream through in the given cuts. */
function through(bytes: Buffer, cuts: readonly number[]): string {
  const filter = createUsageFilter();
  const at = [
    0,
    ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  const parts = at
    .slice(1)
    .map((end, i) => Buffer.from(filter.push(Uint8Array.prototype.slice.call(bytes, at[i], end))));
  return Buffer.concat([...parts, filter.end()]).toString();
}

test("only the chunk that states the usage is removed, however the stream is cut", () => {
  const pieces = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => event(delta(text))),
    fc
      .string({ maxLength: 20 })
      .map((text) => event(delta(`"choices":[],"usage":{"prompt_tokens":${text}}`), "\r\n\r\n")),
    fc.constantFrom(
      ": keep-alive\n\n",
      event({ choices: [], prompt_filter_results: ["_tokens"], usage: null }),
      event({ choices: [{ index: 0, delta: {} }], usage: { prompt_tokens: 1 } }),
      event("not JSON, with _tokens"),
      event(delta("x".repeat(70_000))),
      "data: an end that never comes",
    ),
  );
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 8 }),
      fc.array(pieces, { maxLength: 3 }),
      fc.constantFrom("\n\n", "\r\n\r\n"),
      fc.array(fc.nat(200_000), { maxLength: 40 }),
      (before, after, end, cuts) => {
        const [head, tail] = [
          before.filter((piece) => piece.endsWith("\n")).join(""),
          after.join(""),
        ];
        const streamBytes = Buffer.from(head + event(usage, end) + tail);
        expect(through(streamBytes, cuts)).toBe(head + tail);
        expect(through(Buffer.from(head + tail), cuts)).toBe(head + tail);
      },
    ),
    { numRuns: 400 },
  );
});

test("one byte at a time is the same", () => {
  const stream = Buffer.from(event(delta("grüße 🌍")) + event(usage) + event("[DONE]"));
  expect(through(stream, Array.from(stream.keys()))).toBe(
    event(delta("grüße 🌍")) + event("[DONE]"),
  );
});

test("an event is passed on as soon as it is complete", () => {
  const filter = createUsageFilter();
  expect(Buffer.from(filter.push(Buffer.from(event(delta("a"))))).toString()).toBe(
    event(delta("a")),
  );
});
