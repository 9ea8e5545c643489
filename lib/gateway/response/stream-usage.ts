import type { EndpointName } from "@/lib/catalog/schema";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Scan } from "../body-scan";
import { headerOf, type Exchange } from "../exchange";

/**
 * Exact stream usage, the one exception to "bytes in = bytes out": a chat stream whose client says nothing of its usage is
 * asked for it, and the chunk that states it is removed. A project switches it on, or a request by its header; STREAM_USAGE
 * is the default.
 */
const HEADER = "x-onekey-exact-usage";

/** Whether a request's stream is asked for its usage. Throws bad_request for a header that is neither 1 nor 0. */
export function isExactUsageOn({
  exchange,
  projectSetting,
}: {
  exchange: Pick<Exchange, "headers">;
  projectSetting: boolean | undefined;
}): boolean {
  const header = headerOf(exchange, HEADER)?.trim();
  if (header === undefined || header === "")
    return projectSetting ?? env().streamUsage === "include";
  if (header === "1" || header === "0") return header === "1";
  throw new AppError("bad_request", `The header ${HEADER} is 1 or 0.`, { param: HEADER });
}

const FIELD = '"include_usage":true';
const [OPEN, LF, CR] = [0x7b, 0x0a, 0x0d];

/** The body with that one field added; null where the client set it, where nothing is streamed, or where the body is compressed. */
export function addUsageOption({
  body,
  scan,
  endpoint,
  contentEncoding = "identity",
}: {
  body: Buffer;
  scan: Pick<Scan, "stream" | "includeUsage" | "streamOptionsAt">;
  endpoint: EndpointName;
  contentEncoding?: string | undefined;
}): Buffer | null {
  const { stream, includeUsage, streamOptionsAt } = scan;
  if (endpoint !== "chat.completions" || !stream || includeUsage !== null) return null;
  if (streamOptionsAt === "null" || contentEncoding.trim().toLowerCase() !== "identity")
    return null;
  const at = (streamOptionsAt ?? body.indexOf(OPEN)) + 1;
  const field = streamOptionsAt === null ? `"stream_options":{${FIELD}}` : FIELD;
  const isEmpty = /^[ \t\r\n]*\}/.test(body.toString("latin1", at, at + 256));
  return Buffer.concat([
    body.subarray(0, at),
    Buffer.from(isEmpty ? field : `${field},`),
    body.subarray(at),
  ]);
}

/** Passes a stream on event by event, without the event that has only the usage. */
export type UsageFilter = {
  /** The bytes that can be sent to the client now. */
  push(chunk: Uint8Array): Uint8Array;
  /** The remaining bytes when the stream is over. */
  end(): Uint8Array;
};

/** A longer event is passed on as it arrives: it cannot be the usage event. */
const EVENT_BYTES_MAX = 65_536;
const NOTHING = Buffer.alloc(0);

export function createUsageFilter(): UsageFilter {
  let pending = NOTHING;
  let isPassing = false;
  return {
    push(chunk) {
      const bytes = Buffer.concat([pending, chunk]);
      const parts: Buffer[] = [];
      let at = 0;
      for (let end = eventEnd(bytes, 0); end !== -1; end = eventEnd(bytes, at)) {
        const event = bytes.subarray(at, end);
        if (isPassing || !isUsageOnly(event)) parts.push(event);
        isPassing = false;
        at = end;
      }
      pending = bytes.subarray(at);
      if (isPassing || pending.length > EVENT_BYTES_MAX) {
        // The last bytes stay, so that an event end that is split between two chunks is still recognized.
        const tailLength = Math.min(3, pending.length);
        parts.push(pending.subarray(0, pending.length - tailLength));
        pending = pending.subarray(pending.length - tailLength);
        isPassing = true;
      }
      return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    },
    end() {
      const last = pending;
      pending = NOTHING;
      return last;
    },
  };
}

/** The offset after the empty line that ends an event; -1 while there is none. */
function eventEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

function isUsageOnly(event: Buffer): boolean {
  // Most events have no token count, and are not parsed.
  if (event.indexOf("_tokens") === -1) return false;
  const lines = event.toString("utf8").split(/\r?\n/);
  const data = lines.flatMap((line) =>
    line.startsWith("data:") ? [line.slice("data:".length)] : [],
  );
  try {
    const { choices, usage } = JSON.parse(data.join("\n")) as {
      choices?: unknown;
      usage?: unknown;
    };
    return (
      Array.isArray(choices) && choices.length === 0 && typeof usage === "object" && usage !== null
    );
  } catch {
    return false;
  }
}
