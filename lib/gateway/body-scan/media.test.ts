import { expect, test, vi } from "vitest";
import type { EndpointName } from "@/lib/catalog/schema";
import { scanBody } from ".";

const scan = (endpoint: EndpointName, body: unknown) =>
  scanBody({
    endpoint,
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    contentType: "application/json",
    ...(endpoint.startsWith("gemini.") ? { pathModel: "g" } : {}),
  });

const base64 = "A".repeat(4_000);
const image = { kind: "image", from: "inline" };
const pdf = { kind: "document", from: "inline" };
const audio = { kind: "audio", from: "inline" };
const chat = (...content: unknown[]) => ({ model: "m", messages: [{ role: "user", content }] });
const item = (...content: unknown[]) => ({ model: "m", input: [{ role: "user", content }] });
const gemini = (...parts: unknown[]) => ({ contents: [{ parts }] });

const INLINE: [string, EndpointName, unknown, object[]][] = [
  [
    "an image",
    "chat.completions",
    chat({ type: "image_url", image_url: { url: `data:image/png;base64,${base64}` } }),
    [image],
  ],
  [
    "an image as a plain string",
    "chat.completions",
    chat({ type: "image_url", image_url: `data:image/png;base64,${base64}` }),
    [image],
  ],
  [
    "audio",
    "chat.completions",
    chat({ type: "input_audio", input_audio: { data: base64, format: "wav" } }),
    [audio],
  ],
  [
    "a PDF",
    "chat.completions",
    chat({ type: "file", file: { file_data: `data:application/pdf;base64,${base64}` } }),
    [pdf],
  ],
  [
    "an image",
    "responses",
    item({ type: "input_image", image_url: `data:image/png;base64,${base64}` }),
    [image],
  ],
  [
    "a file without a media type",
    "responses",
    item({ type: "input_file", file_data: base64 }),
    [pdf],
  ],
  [
    "a screenshot",
    "responses",
    {
      model: "m",
      input: [
        { type: "computer_call_output", output: { image_url: `data:image/png;base64,${base64}` } },
      ],
    },
    [image],
  ],
  [
    "an earlier image",
    "responses",
    { model: "m", input: [{ type: "image_generation_call", result: base64 }] },
    [image],
  ],
  [
    "an image whose type comes last",
    "messages",
    chat({ source: { data: base64, media_type: "image/png", type: "base64" }, type: "image" }),
    [image],
  ],
  [
    "a PDF",
    "messages",
    chat({
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: base64 },
    }),
    [pdf],
  ],
  [
    "an image in a tool's result",
    "messages",
    chat({
      type: "tool_result",
      content: [
        { type: "image", source: { type: "base64", media_type: "image/png", data: base64 } },
      ],
    }),
    [image],
  ],
  [
    "a fetched PDF",
    "messages",
    chat({
      type: "web_fetch_tool_result",
      content: {
        type: "web_fetch_result",
        content: {
          type: "document",
          source: { type: "base64", media_type: "application/pdf", data: base64 },
        },
      },
    }),
    [pdf],
  ],
  [
    "an image",
    "gemini.generateContent",
    gemini({ inlineData: { mimeType: "image/png", data: base64 } }),
    [image],
  ],
  [
    "audio in snake_case",
    "gemini.generateContent",
    gemini({ inline_data: { data: base64, mime_type: "audio/wav" } }),
    [audio],
  ],
  [
    "a video",
    "gemini.generateContent",
    gemini({ inlineData: { mimeType: "video/mp4", data: base64 } }),
    [{ kind: "video", from: "inline" }],
  ],
  [
    "an image to edit",
    "images.edits",
    { model: "m", images: [{ image_url: `data:image/png;base64,${base64}` }] },
    [image],
  ],
  [
    "an image to describe",
    "moderations",
    { input: [{ type: "image_url", image_url: { url: `data:image/png;base64,${base64}` } }] },
    [image],
  ],
];
test.each(INLINE)(
  "%s in %s is counted by its kind and not as text",
  async (_, endpoint, body, media) => {
    const result = await scan(endpoint, body);
    expect(result.media).toMatchObject(media);
    expect(result.media[0]?.bytes).toBeGreaterThanOrEqual(3_000);
    expect(result.textBytes).toBeLessThan(300);
  },
);

const TEXT: [string, EndpointName, unknown][] = [
  [
    "a plain text document",
    "messages",
    chat({ type: "document", source: { type: "text", media_type: "text/plain", data: base64 } }),
  ],
  [
    "text in base64",
    "gemini.generateContent",
    gemini({ inlineData: { mimeType: "text/plain", data: base64 } }),
  ],
  [
    "a CSV file",
    "responses",
    item({ type: "input_file", file_data: `data:text/csv;base64,${base64}` }),
  ],
  [
    "a data URL that is said, not shown",
    "chat.completions",
    chat({ type: "text", text: `data:image/png;base64,${base64}` }),
  ],
  [
    "base64 in a tool's arguments",
    "messages",
    chat({
      type: "tool_use",
      input: { source: { type: "base64", media_type: "image/png", data: base64 } },
    }),
  ],
];
test.each(TEXT)("%s in %s stays text", async (_, endpoint, body) => {
  const result = await scan(endpoint, body);
  expect(result.media).toEqual([]);
  expect(result.textBytes).toBe(Buffer.byteLength(JSON.stringify(body)));
});

test("what is given by its address is counted as such", async () => {
  const url = "https://example.com/x";
  expect((await scan("chat.completions", chat({ image_url: { url } }))).media).toEqual([
    { kind: "image", from: "url", bytes: 0 },
  ]);
  expect((await scan("responses", item({ type: "input_file", file_url: url }))).media).toEqual([
    { kind: "document", from: "url", bytes: 0 },
  ]);
  expect(
    (await scan("messages", chat({ type: "image", source: { type: "url", url } }))).media,
  ).toEqual([{ kind: "image", from: "url", bytes: 0 }]);
  const fileData = { mimeType: "application/pdf", fileUri: "https://example.com/a.pdf?b=1" };
  expect((await scan("gemini.generateContent", gemini({ fileData }))).media).toEqual([
    { kind: "document", from: "url", bytes: 0 },
  ]);
  const film = { file_data: { file_uri: "https://www.youtube.com/watch?v=abc" } };
  expect((await scan("gemini.generateContent", gemini(film))).media).toEqual([
    { kind: "video", from: "url", bytes: 0 },
  ]);
});

test("a data URL with escaped slashes is inline too", async () => {
  const body = `{"model":"m","messages":[{"content":[{"image_url":{"url":"data:image\\/png;base64,${base64}"}}]}]}`;
  expect((await scan("chat.completions", body)).media).toMatchObject([image]);
});

test("the scan of a body of 5 MB gives way to other requests again and again", async () => {
  const big = chat({ image_url: { url: `data:image/png;base64,${"A".repeat(5_000_000)}` } });
  const manyMessages = {
    model: "m",
    messages: Array.from({ length: 60_000 }, (_, i) => ({
      role: "user",
      content: [{ type: "text", text: `line\n${i}` }],
    })),
  };
  for (const [name, body] of [
    ["one image", big],
    ["60,000 messages", manyMessages],
  ] as const) {
    const input = {
      endpoint: "chat.completions" as const,
      body: Buffer.from(JSON.stringify(body)),
      contentType: "application/json",
    };
    // Every look at the clock finds that another millisecond has passed.
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => clock++);
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await scanBody(input);
    isOver = true;
    vi.restoreAllMocks();
    expect(turns, name).toBeGreaterThan(10);
  }
});
