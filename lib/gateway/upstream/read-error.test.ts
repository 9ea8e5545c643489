import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from "node:zlib";
import { expect, test } from "vitest";
import type { UpstreamBody } from "./call-provider";
import type { Channel } from "./channels";
import { readError } from "./read-error";

const channel = { id: "xai-1", provider: "xai", credential: "the-credential-itself" } as Channel;

function bodyOf(bytes: Buffer, chunkBytes = 7): UpstreamBody {
  let at = 0;
  return {
    read: () => (at < bytes.length ? bytes.subarray(at, (at += chunkBytes)) : null),
    isOver: () => at >= bytes.length,
    takeComplete: () => null,
    stop: () => {},
    discard: () => {},
  };
}

async function passOn(bytes: Buffer, headers: Record<string, string> = {}) {
  const error = await readError(channel, { statusCode: 403, headers, body: bodyOf(bytes) });
  const response = error.forClient();
  const chunks: Uint8Array[] = [];
  for (let chunk = await response.body.read(); chunk; chunk = await response.body.read())
    chunks.push(chunk);
  return { envelope: error.envelope, response, bytes: Buffer.concat(chunks) };
}

const MESSAGE = "Content violates usage guidelines. Team: T-1, API key ID: K-1, Model: grok-x";
const body = Buffer.from(JSON.stringify({ code: "permission-denied", error: MESSAGE }));
const redactedText = body.toString().replace("T-1", "[redacted]").replace("K-1", "[redacted]");

test.each([
  ["identity", (bytes: Buffer) => bytes, (bytes: Buffer) => bytes],
  ["gzip", gzipSync, gunzipSync],
  ["deflate", deflateSync, inflateSync],
  ["br", brotliCompressSync, brotliDecompressSync],
])(
  "ids of our account are taken out of an error in %s, and its length is right",
  async (encoding, encode, decode) => {
    const response = await passOn(encode(body), {
      "content-encoding": encoding,
      "content-length": "9",
    });
    expect(decode(response.bytes).toString()).toBe(redactedText);
    expect(response.response.headers["content-length"]).toBe(String(response.bytes.length));
    expect(response.response.headers["content-encoding"]).toBe(encoding);
    expect(response.envelope).toMatchObject({ code: "permission-denied", message: MESSAGE });
  },
);

test("an error that names nothing of our account keeps its bytes, valid text or not", async () => {
  const samples = [
    Buffer.from('{"error":"caf\u00e9 \ud83d\ude42"}'),
    Buffer.from([0xff, 0xfe, 0x00, 0x80]),
    Buffer.alloc(0),
  ];
  for (const bytes of samples) expect((await passOn(bytes)).bytes.equals(bytes)).toBe(true);
  const gzipBody = gzipSync(samples[0] ?? "");
  expect((await passOn(gzipBody, { "content-encoding": "gzip" })).bytes.equals(gzipBody)).toBe(
    true,
  );
});

test("bytes around an id are kept, valid text or not", async () => {
  const bytes = Buffer.concat([
    Buffer.from([0xff, 0xc3]),
    Buffer.from(" Team: T-1 "),
    Buffer.from([0x80]),
  ]);
  const expectedBody = Buffer.concat([
    Buffer.from([0xff, 0xc3]),
    Buffer.from(" Team: [redacted] "),
    Buffer.from([0x80]),
  ]);
  expect((await passOn(bytes)).bytes.equals(expectedBody)).toBe(true);
});

test("our credential is taken out of the body and of the headers", async () => {
  const response = await passOn(Buffer.from("key the-credential-itself"), {
    "x-request-id": "for the-credential-itself",
  });
  expect(response.bytes.toString()).toBe("key [redacted]");
  expect(response.response.headers["x-request-id"]).toBe("for [redacted]");
});

test("an error is read up to 1 MiB", async () => {
  const { bytes, response } = await passOn(Buffer.alloc(3 * 1024 * 1024, "x"));
  expect(bytes.length).toBe(1024 * 1024);
  expect(response.headers["content-length"]).toBe(String(1024 * 1024));
});
