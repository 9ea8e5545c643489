import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { Provider } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import type { Answer, AnswerBody } from "./call-provider";
import { channelExhausted, channelFailed, channelWorked, type Channel } from "./channels";

export type Body = Pick<AnswerBody, "read" | "isOver" | "stop">;

const HEAD_BYTES_MAX = 64 * 1024;

const refusedCredential = () =>
  new AppError(
    "provider_error",
    "The provider refused this server's own credential: the operator has to mend it. Your key is fine, and nothing was charged.",
  );
const exhausted = () =>
  new AppError(
    "unavailable",
    "This provider is not available through OneKey right now: try again later. Nothing was charged.",
    { headers: { "retry-after": "60" } },
  );

/**
 * The body to pass on when the answer is the client's; an AppError in our words when it speaks of our account at the
 * provider, or when another channel should be tried.
 */
export async function judge(
  channel: Channel,
  response: Answer,
  final: boolean,
): Promise<Body | AppError> {
  const { statusCode: status, body } = response;
  if (status < 400) {
    channelWorked(channel);
    return body;
  }
  if (status >= 500) {
    channelFailed(channel);
    if (final) return body;
    body.discard();
    return new AppError("provider_error", "The provider failed.");
  }
  if (![400, 401, 402, 403, 429].includes(status)) return body;
  const { head, whole, all } = await peek(body);
  const trouble = ofOurAccount({
    provider: channel.provider,
    status,
    text: decoded(head, whole, response),
  });
  if (trouble === null) return all;
  body.discard();
  if (trouble === "limited") {
    channelFailed(channel);
    const wait = response.headers["retry-after"];
    return new AppError(
      "rate_limited",
      "The provider limits requests right now: try again later. Nothing was charged.",
      {
        headers: { "retry-after": typeof wait === "string" && /^\d{1,6}$/.test(wait) ? wait : "5" },
      },
    );
  }
  channelExhausted(channel);
  return trouble === "credential" ? refusedCredential() : exhausted();
}

/** What a provider's refusal says of our account there; null when it speaks of the request. */
function ofOurAccount({
  provider,
  status,
  text,
}: {
  provider: Provider;
  status: number;
  text: string;
}): "credential" | "exhausted" | "limited" | null {
  const spent =
    /insufficient_quota|billing|credit balance|all available credits|quota.{0,40}(exceeded|exhausted)|spending limit/i;
  if (status === 401) return "credential";
  if (status === 402) return "exhausted";
  if (status === 403) return spent.test(text) ? "exhausted" : "credential";
  if (status === 429) return spent.test(text) ? "exhausted" : "limited";
  // A 400 may quote the request, so only the provider's own fields count: a prompt must not put a channel to rest.
  const { message, reasons } = errorOf(text);
  if (provider === "anthropic")
    return message.startsWith("Your credit balance is too low") ? "exhausted" : null;
  if (provider === "google")
    return reasons.some((reason) => reason.startsWith("API_KEY_")) ? "credential" : null;
  return message.startsWith("Incorrect API key") ? "credential" : null;
}

type Told = { message?: unknown; details?: unknown };

/** The message and, at Google, the reasons of an error in any of the four envelopes. */
function errorOf(text: string): { message: string; reasons: string[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { message: "", reasons: [] };
  }
  // Google's OpenAI-compatible endpoint wraps its error in a list; xAI's error is a string.
  const outer = (Array.isArray(parsed) ? parsed[0] : parsed) as { error?: string | Told } | null;
  const error = outer?.error ?? {};
  if (typeof error === "string") return { message: error, reasons: [] };
  const details: unknown[] = Array.isArray(error.details) ? error.details : [];
  const reasons = details.map((detail) =>
    String((detail as { reason?: unknown } | null)?.reason ?? ""),
  );
  return { message: typeof error.message === "string" ? error.message : "", reasons };
}

/** Reads the head of a body, and gives the whole of it back untouched. */
async function peek(body: Body): Promise<{ head: Buffer; whole: boolean; all: Body }> {
  const pieces: Uint8Array[] = [];
  let whole = false;
  for (let bytes = 0; bytes < HEAD_BYTES_MAX;) {
    const piece = await body.read();
    if (piece === null) {
      whole = true;
      break;
    }
    pieces.push(piece);
    bytes += piece.length;
  }
  const head = Buffer.concat(pieces);
  const all: Body = {
    read: () => pieces.shift() ?? (whole ? null : body.read()),
    isOver: () => pieces.length === 0 && (whole || body.isOver()),
    stop: () => body.stop(),
  };
  return { head, whole, all };
}

/** A compressed error is read through a copy; one too long, or broken, says nothing that we look for. */
function decoded(head: Buffer, whole: boolean, response: Answer): string {
  const encoding = response.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return head.toString("utf8");
  const work = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[
    String(encoding)
  ];
  if (!work || !whole) return "";
  try {
    return work(head, { maxOutputLength: HEAD_BYTES_MAX }).toString("utf8");
  } catch {
    return "";
  }
}
