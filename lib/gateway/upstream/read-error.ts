import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from "node:zlib";
import { redactAccountIds } from "@/lib/providers";
import { readEnvelope } from "@/lib/providers/error-envelope";
import type { ErrorEnvelope } from "@/lib/providers/schema";
import { completeBody, type UpstreamBody, type UpstreamResponse } from "./call-provider";
import type { Channel } from "./channels";

/** A longer error is not one of a provider; what follows is dropped. */
const ERROR_BYTES_MAX = 1024 * 1024;

type BodyCodec = {
  decode(bytes: Buffer, options: { maxOutputLength: number }): Buffer;
  encode(bytes: Buffer): Buffer;
};
const CODECS: Record<string, BodyCodec> = {
  gzip: { decode: gunzipSync, encode: gzipSync },
  "x-gzip": { decode: gunzipSync, encode: gzipSync },
  deflate: { decode: inflateSync, encode: deflateSync },
  br: { decode: brotliDecompressSync, encode: brotliCompressSync },
};

type UpstreamErrorBody = {
  envelope: ErrorEnvelope;
  /** The response for the client: its own bytes, unless they name our account at the provider. */
  forClient(): UpstreamResponse;
};

/** Reads the body of an error. What it says of our account is for us; `forClient` is what may be passed on. */
export async function readError(
  channel: Channel,
  response: UpstreamResponse,
): Promise<UpstreamErrorBody> {
  const bytes = await readBytes(response.body);
  const encoding = String(response.headers["content-encoding"] ?? "identity").toLowerCase();
  const codec = CODECS[encoding];
  const plain = codec ? decode(codec, bytes) : bytes;
  return {
    envelope: readEnvelope(plain.toString("utf8")),
    forClient: () => {
      // Latin-1 keeps every byte as it is; the ids are ASCII.
      const text = plain.toString("latin1");
      const clientText = redact(channel, text);
      const headers = redactHeaders(channel, response.headers);
      let body = bytes;
      if (clientText !== text) {
        const clientBytes = Buffer.from(clientText, "latin1");
        body = codec ? codec.encode(clientBytes) : clientBytes;
      }
      headers["content-length"] = String(body.length);
      return { ...response, headers, body: completeBody(body) };
    },
  };
}

const redact = (channel: Channel, text: string): string =>
  redactAccountIds(channel.provider, text.replaceAll(channel.credential, "[redacted]"));

function redactHeaders(
  channel: Channel,
  headers: UpstreamResponse["headers"],
): UpstreamResponse["headers"] {
  const clientHeaders: UpstreamResponse["headers"] = {};
  for (const name in headers) {
    const value = headers[name] ?? "";
    clientHeaders[name] = Array.isArray(value)
      ? value.map((item) => redact(channel, item))
      : redact(channel, value);
  }
  return clientHeaders;
}

async function readBytes(body: UpstreamBody): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for (let size = 0; size < ERROR_BYTES_MAX;) {
    const chunk = await body.read();
    if (chunk === null) return Buffer.concat(chunks);
    chunks.push(chunk);
    size += chunk.length;
  }
  body.stop();
  return Buffer.concat(chunks).subarray(0, ERROR_BYTES_MAX);
}

/** Empty for what cannot be decoded: then only the status says what the error is about. */
function decode({ decode: unpack }: BodyCodec, bytes: Buffer): Buffer {
  try {
    return unpack(bytes, { maxOutputLength: ERROR_BYTES_MAX });
  } catch {
    return Buffer.alloc(0);
  }
}
