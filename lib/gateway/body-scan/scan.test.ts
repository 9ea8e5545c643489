import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { scanBody } from ".";

type ScanOptions = { contentType?: string; contentEncoding?: string; pathModel?: string };
const scan = (endpoint: EndpointName, body: string | Buffer, options: ScanOptions = {}) =>
  scanBody({
    endpoint,
    body: Buffer.from(body),
    contentType: "application/json",
    ...(endpoint.startsWith("gemini.") ? { pathModel: "g" } : {}),
    ...options,
  });

type ScanCase = [EndpointName, string, object];
const FOUND: ScanCase[] = [
  [
    "chat.completions",
    '{"model":"m","stream":true,"n":2,"max_tokens":5,"max_completion_tokens":9}',
    { model: "m", stream: true, choices: 2, outputLimit: 9 },
  ],
  [
    "chat.completions",
    '{"max_completion_tokens":9,"max_tokens":50,"model":"m"}',
    { outputLimit: 50 },
  ],
  [
    "chat.completions",
    '{"model":"m","stream_options":{"include_usage":true},"service_tier":"flex"}',
    { includeUsage: true, serviceTier: "flex" },
  ],
  [
    "chat.completions",
    '{"model":"m","n":null,"max_tokens":null,"stream":null,"service_tier":null,"store":null}',
    { choices: 1, outputLimit: null, stream: false, serviceTier: null, store: null },
  ],
  ["chat.completions", '{"model":"m","max_tokens":1e3}', { outputLimit: 1000 }],
  [
    "chat.completions",
    '{"model":"m","Model":"x","MODEL":1," model":2,"temperature":1,"temperature":2}',
    { model: "m" },
  ],
  [
    "chat.completions",
    '{"model":"m","web_search_options":{},"search_parameters":{"mode":"on"}}',
    { tools: ["web_search", "live_search"] },
  ],
  ["responses", '{"model":"m","prompt_cache_options":{"ttl":"12h"}}', { longCache: true }],
  [
    "chat.completions",
    '{"model":"m","prompt_cache_options":{"mode":"explicit","ttl":"30m"}}',
    { longCache: false },
  ],
  [
    "responses",
    '{"model":"m","tools":[{"type":"shell","environment":{"type":"local"}},{"type":"shell","environment":{"type":"container_auto"}}]}',
    { tools: ["shell", "container", "shell"] },
  ],
  [
    "chat.completions",
    '{"model":"m","tools":[{"type":"function","function":{"name":"f"}}]}',
    { tools: [] },
  ],
  [
    "responses",
    '{"model":"m","max_output_tokens":7,"store":false,"previous_response_id":"resp_1","conversation":null,"prompt":null,"background":false}',
    { outputLimit: 7, store: false, previousResponseId: "resp_1" },
  ],
  [
    "responses",
    '{"model":"m","tools":[{"type":"web_search"},{"type":"function","name":"f"},{"type":"code_interpreter","container":{"type":"auto","file_ids":[]}},{"type":"image_gener\\u0061tion"}]}',
    { tools: ["web_search", "code_interpreter", "image_generation"] },
  ],
  [
    "messages",
    '{"model":"m","max_tokens":0,"speed":"fast","inference_geo":"us"}',
    { outputLimit: 0, speed: "fast", inferenceGeo: "us" },
  ],
  [
    "messages",
    '{"model":"m","tools":[{"type":"web_search_20250305"},{"type":"bash_20250124"},{"name":"f","input_schema":{}}]}',
    { tools: ["web_search_20250305"] },
  ],
  [
    "messages",
    '{"model":"m","container":{"id":null,"skills":[{"type":"anthropic","skill_id":"pptx"}]}}',
    { model: "m" },
  ],
  [
    "gemini.generateContent",
    '{"generationConfig":{"maxOutputTokens":7,"candidateCount":3},"serviceTier":"flex"}',
    { model: "g", outputLimit: 7, choices: 3, serviceTier: "flex" },
  ],
  [
    "gemini.streamGenerateContent",
    '{"generation_config":{"max_output_tokens":7,"candidate_count":3},"tools":[{"googleSearch":{}},{"url_context":{}},{"functionDeclarations":[]}]}',
    { stream: true, outputLimit: 7, choices: 3, tools: ["googleSearch", "urlContext"] },
  ],
  [
    "gemini.batchEmbedContents",
    '{"requests":[{"model":"models/g","content":{"parts":[{"text":"a"}]}}]}',
    { model: "g" },
  ],
  [
    "images.generations",
    '{"model":"m","prompt":"a","n":4,"size":"1024x1024","quality":"high","background":"transparent"}',
    { choices: 4, size: "1024x1024", quality: "high" },
  ],
  [
    "audio.speech",
    '{"model":"m","voice":"alloy","input":"a\\n\\u00e9\\ud83d\\ude00"}',
    { characters: 4 },
  ],
  ["moderations", '{"input":"a"}', { model: "omni-moderation-latest" }],
  ["embeddings", '{"model":"m","input":[[1,2],[3]]}', { model: "m" }],
];
test.each(FOUND)("%s reads %s", async (endpoint, body, expectation) => {
  expect(await scan(endpoint, body)).toMatchObject(expectation);
});

test("an item that the provider would fetch by its id is a reference, one that is sent completely is not", async () => {
  const items = [
    { type: "item_reference", id: "msg_1" },
    { id: "msg_2" },
    { type: null, id: "msg_3" },
    { type: "reasoning", id: "rs_1", summary: [] },
    { type: "image_generation_call", id: "ig_1" },
    { type: "reasoning", id: "rs_2", encrypted_content: "x" },
    { type: "image_generation_call", id: "ig_2", result: "AAAA" },
    { type: "message", id: "msg_4", role: "assistant", content: [] },
    { role: "user", id: "msg_5", content: "x" },
    { type: "function_call", id: "fc_1", arguments: "{}" },
  ];
  const scanResult = await scan("responses", JSON.stringify({ model: "m", input: items }));
  expect(scanResult.itemReferences).toEqual(["msg_1", "msg_2", "msg_3", "rs_1", "ig_1"]);
  const repeatedBody =
    '{"model":"m","input":[{"type":"item_reference","id":"msg_1","id":"msg_2","type":"message"}]}';
  expect((await scan("responses", repeatedBody)).itemReferences).toEqual(["msg_1", "msg_2"]);
});

describe("the complete body", () => {
  test("compressed bodies are read, spoilt, unknown and overlarge ones refused", async () => {
    const json = '{"model":"m"}';
    for (const [contentEncoding, body] of [
      ["gzip", gzipSync(json)],
      ["br", brotliCompressSync(json)],
      ["Deflate", deflateSync(json)],
      ["identity", Buffer.from(json)],
    ] as const)
      expect(await scan("chat.completions", body, { contentEncoding })).toMatchObject({
        model: "m",
        textBytes: json.length,
      });
    const refusals: [string, Buffer, number][] = [
      ["gzip", gzipSync(json).subarray(0, 20), 400],
      ["gzip", Buffer.from(json), 400],
      ["zstd", Buffer.from(json), 400],
      ["gzip, br", gzipSync(json), 400],
      ["gzip", gzipSync(Buffer.alloc(33 * 1024 * 1024, " ")), 413],
    ];
    for (const [contentEncoding, body, status] of refusals)
      await expect(scan("chat.completions", body, { contentEncoding })).rejects.toMatchObject({
        status,
      });
  });

  test("what is not a JSON object of the right content type is refused, with what to send", async () => {
    const refusals: [EndpointName, string | Buffer, string, RegExp][] = [
      ["chat.completions", "{}", "text/plain", /content type application\/json/],
      ["chat.completions", "{}", "application/x-www-form-urlencoded", /curl: -H/],
      ["chat.completions", "{}", "multipart/form-data; boundary=x", /application\/json/],
      ["chat.completions", "{}", "application/json; charset=utf-16", /UTF-8/],
      ["audio.transcriptions", "{}", "application/json", /multipart\/form-data/],
      ["chat.completions", "", "application/json", /no body/],
      ["chat.completions", " ", "application/json", /byte 1 of 1/],
      ["chat.completions", "[]", "application/json", /JSON object/],
      ["chat.completions", '"x"', "application/json", /JSON object/],
      ["chat.completions", '\ufeff{"model":"m"}', "application/json", /byte order mark/],
      ["chat.completions", '{"model":"m",}', "application/json", /byte 13 of 14/],
    ];
    for (const [endpoint, body, contentType, message] of refusals)
      await expect(scan(endpoint, body, { contentType })).rejects.toMatchObject({
        status: 400,
        message: expect.stringMatching(message),
      });
    await scan("chat.completions", '{"model":"m"}', {
      contentType: "Application/JSON; charset=UTF-8",
    });
  });

  test("whatever the body is, the answer is a scan or a refusal, and no refusal repeats what was sent", async () => {
    const secret = "violet-horizon";
    const keys = [
      "model",
      "n",
      "stream",
      "input",
      "messages",
      "content",
      "type",
      "source",
      "file_id",
      "container",
      "tools",
      "generationConfig",
      "contents",
      "parts",
      "inlineData",
      "data",
      "image_url",
      "url",
      secret,
    ];
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(secret, null, true, 0, -1, 1.5, "data:image/png;base64,AAAA"),
      fc.string(),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 5 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...EndpointName.options),
        value,
        fc.nat(60),
        async (endpoint, body, cut) => {
          const text = JSON.stringify(body);
          await scan(endpoint, cut === 0 ? text.slice(1) : text).catch((error: unknown) => {
            expect(error).toBeInstanceOf(AppError);
            expect(String(error)).not.toContain(secret);
          });
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

test.each([
  ["chat.completions", '"reasoning_effort":"none"', false],
  ["chat.completions", '"reasoning_effort":"minimal"', false],
  ["chat.completions", '"reasoning_effort":"high"', true],
  ["chat.completions", '"temperature":1', null],
  ["responses", '"reasoning":{"effort":"low","summary":"auto"}', true],
  ["responses", '"reasoning":{"effort":"none"}', false],
  ["messages", '"thinking":{"type":"adaptive"}', true],
  ["messages", '"thinking":{"type":"disabled"}', false],
] as const)("%s with %s asks for reasoning: %s", async (endpoint, field, reasoning) => {
  const body = Buffer.from(`{"model":"m",${field}}`);
  const { reasoning: expectedScan } = await scanBody({
    endpoint,
    body,
    contentType: "application/json",
  });
  expect(expectedScan).toBe(reasoning);
});

test("the client's own bounds of tools, and marks of a cache, are found wherever they stand", async () => {
  const body = {
    model: "m",
    max_tool_calls: 7,
    tools: [
      { type: "web_search_20250305", max_uses: 60 },
      { type: "web_fetch_20260209", max_uses: 3, max_content_tokens: 5_000 },
      { type: "web_search_20250305" },
    ],
    system: [{ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "1h" } }],
  };
  const scan = (endpoint: "messages" | "responses") =>
    scanBody({
      endpoint,
      body: Buffer.from(JSON.stringify(body)),
      contentType: "application/json",
    });
  expect(await scan("messages")).toMatchObject({
    toolBounds: [
      { maxUses: 60, maxContentTokens: null },
      { maxUses: 3, maxContentTokens: 5_000 },
      { maxUses: null, maxContentTokens: null },
    ],
    cacheControl: { isMarked: true, isLong: true },
  });
  expect((await scan("responses")).maxToolCalls).toBe(7);
});
