import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  messageWith,
  createCustomer,
  ADAPTERS,
  providerRequests,
} from "../support/shared-deployment";
import { isLive } from "../support/models";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const sharedCustomer = createCustomer({ credits: "5" });

/** Sends bytes as they are and returns the answer's bytes undecoded. */
function exchange(
  origin: string,
  path: string,
  key: string,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<{ status: number; bytes: Buffer; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const req = request(
      `${origin}${path}`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "content-length": body.length,
          ...headers,
        },
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () =>
          resolve({
            status: res.statusCode ?? 0,
            bytes: Buffer.concat(chunks),
            headers: res.headers,
          }),
        );
        res.on("error", reject);
      },
    );
    req.on("error", reject);
    req.end(body);
  });
}

const body = (directive: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
  Buffer.from(
    JSON.stringify({
      model: "gpt-6-luna",
      max_tokens: 100,
      messages: [messageWith(directive, "Grüße, 世界 🌍")],
      ...fields,
    }),
  );

const CASES: [string, Buffer, Record<string, string>][] = [
  ["plain", body({}), {}],
  [
    "odd JSON",
    Buffer.from(
      '{ "model" :\t"gpt-6-luna" ,\n"user":"a","user":"b","seed":9007199254740993123, "max_tokens":10,"messages":[{"role":"user","content":"\\u00fc\\/ \\ud83d\\ude00"}] }\n',
    ),
    {},
  ],
  ["a stream", body({ chunks: 20 }, { stream: true }), {}],
  ["a stream with CRLF and comments", body({ crlf: true, comments: true }, { stream: true }), {}],
  ["a stream in 1-byte chunks", body({ chunkBytes: 1 }, { stream: true }), {}],
  ["characters split across chunks", body({ splitUtf8: true }, { stream: true }), {}],
  ["a compressed request", gzipSync(body({})), { "content-encoding": "gzip" }],
  [
    "a compressed stream",
    body({ gzip: true, chunks: 20 }, { stream: true }),
    { "accept-encoding": "gzip" },
  ],
  ["an answer in 7-byte pieces", body({ chunkBytes: 7 }), {}],
  ["bytes after the end of a stream", body({ garbageAfterDone: true }, { stream: true }), {}],
  ["a compressed answer", body({ gzip: true }), { "accept-encoding": "gzip" }],
  ["broken JSON in the answer", body({ wrongJson: true }), {}],
  ["a provider's own error", body({ status: 400 }), {}],
  [
    "20 MB",
    Buffer.from(
      JSON.stringify({
        model: "gpt-6-luna",
        max_tokens: 5,
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "what is it?" },
              {
                type: "image_url",
                image_url: {
                  url: `data:image/png;base64,${randomBytes(15_000_000).toString("base64")}`,
                },
              },
            ],
          },
        ],
      }),
    ),
    {},
  ],
];

const form = (boundary: string) =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt-transcribe\r\n`,
    ),
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="ä.wav"\r\n\r\n`,
    ),
    Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256)),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
const content = [{ role: "user", content: "Grüße, 世界 🌍" }];
const generation = Buffer.from(JSON.stringify({ contents: [{ parts: [{ text: "Grüße" }] }] }));

/** One of every kind of endpoint and of response. */
const ENDPOINTS: [string, string, Buffer, Record<string, string>][] = [
  [
    "messages",
    "/v1/messages",
    Buffer.from(JSON.stringify({ model: "claude-opus-5", max_tokens: 9, messages: content })),
    {},
  ],
  [
    "messages, streamed",
    "/v1/messages",
    Buffer.from(
      JSON.stringify({ model: "claude-opus-5", max_tokens: 9, stream: true, messages: content }),
    ),
    {},
  ],
  ["a generation", "/v1beta/models/gemini-3.5-flash:generateContent", generation, {}],
  [
    "a generation as events",
    "/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse",
    generation,
    {},
  ],
  [
    "a generation as a growing list",
    "/v1beta/models/gemini-3.5-flash:streamGenerateContent",
    generation,
    {},
  ],
  [
    "responses, streamed",
    "/v1/responses",
    Buffer.from(JSON.stringify({ model: "gpt-6-luna", input: "Grüße", stream: true })),
    {},
  ],
  [
    "sound",
    "/v1/audio/speech",
    Buffer.from(JSON.stringify({ model: "tts-1", voice: "alloy", input: "Grüße" })),
    {},
  ],
  [
    "a form with a file",
    "/v1/audio/transcriptions",
    form("a-boundary"),
    { "content-type": "multipart/form-data; boundary=a-boundary" },
  ],
];

/** A body that names a model which has ended is left out: no other model has its endpoint. */
const isServed = (bytes: Buffer): boolean => {
  const model = /"model":"([^"]+)"/.exec(bytes.toString("utf8"))?.[1];
  return model === undefined || isLive(model);
};

describe.each(ADAPTERS)(
  "through %s, the provider receives the client’s bytes, and the client the provider’s",
  (_, origin) => {
    test.each(CASES)("%s", async (_name, bytes, headers) => {
      const { key } = await sharedCustomer;
      const response = await exchange(origin, "/v1/chat/completions", key, bytes, headers);
      const last = (await providerRequests()).at(-1);
      expect(last?.bodySha256).toBe(sha256(bytes));
      expect(last?.answerSha256).toBe(sha256(response.bytes));
      expect(response.bytes.length).toBeGreaterThan(0);
    });

    test.each(ENDPOINTS.filter(([, , bytes]) => isServed(bytes)))(
      "%s",
      async (_name, path, bytes, headers) => {
        const { key } = await sharedCustomer;
        const response = await exchange(origin, path, key, bytes, headers);
        expect(response.status).toBe(200);
        const last = (await providerRequests()).at(-1);
        expect(last?.bodySha256).toBe(sha256(bytes));
        expect(last?.answerSha256).toBe(sha256(response.bytes));
      },
    );

    test("OneKey's headers are not forwarded, and the provider's are not returned", async () => {
      const { key } = await sharedCustomer;
      const hostile = {
        cookie: "a=b",
        "x-forwarded-for": "1.2.3.4",
        "openai-organization": "org-mine",
        "x-secret": "s",
        connection: "x-secret, keep-alive",
        "openai-beta": "x=1",
      };
      const response = await exchange(
        origin,
        "/v1/chat/completions",
        key,
        body({ headers: { "set-cookie": "evil=1", "openai-organization": "org-ours" } }),
        hostile,
      );
      const headers = (await providerRequests()).at(-1)?.headers ?? {};
      for (const name of ["cookie", "x-forwarded-for", "openai-organization", "x-secret"])
        expect(headers).not.toHaveProperty(name);
      expect(headers["openai-beta"]).toBe("x=1");
      expect(JSON.stringify(headers)).not.toContain(key);
      expect(response.headers).not.toHaveProperty("openai-organization");
      expect(response.headers).not.toHaveProperty("set-cookie");
    });
  },
);
