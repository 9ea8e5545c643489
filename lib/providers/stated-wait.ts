import type { ResponseHeaders, UpstreamError } from "./schema";

const SECOND = 1_000;
const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A longer one is a mistake, or a date that was read wrongly. */
const WAIT_MS_MAX = 31 * 86_400_000;

/**
 * How long a provider says to wait, in milliseconds; null where it does not say. In the order of how exactly it is said:
 * `retry-after-ms`, `retry-after` (seconds, a fraction of them, or a date: RFC 9110 §10.2.3), Google's RetryInfo
 * (https://cloud.google.com/apis/design/errors#error_details), the words of the message, the reset of the limit that is used up
 * (https://developers.openai.com/api/docs/guides/rate-limits, https://platform.claude.com/docs/en/api/rate-limits).
 */
export function statedWait({ headers, envelope }: UpstreamError): number | null {
  return (
    millisecondsOf(headerText(headers, "retry-after-ms")) ??
    retryAfter(headers) ??
    retryInfo(envelope.details) ??
    waitInWords(envelope.message) ??
    resetOfUsedUp(headers)
  );
}

export function headerText(headers: ResponseHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

const boundWait = (milliseconds: number): number | null =>
  Number.isFinite(milliseconds) && milliseconds >= 0 && milliseconds <= WAIT_MS_MAX
    ? Math.ceil(milliseconds)
    : null;

const isNumber = (text: string) => /^\d{1,12}(\.\d{1,9})?$/.test(text);

const millisecondsOf = (text: string): number | null =>
  isNumber(text) ? boundWait(Number(text)) : null;

function retryAfter(headers: ResponseHeaders): number | null {
  const text = headerText(headers, "retry-after").trim();
  if (isNumber(text)) return boundWait(Number(text) * SECOND);
  // A date begins with the name of a day; other texts would be read as dates in the local time zone.
  return /^[A-Z][a-z]{2,8},? /.test(text) ? untilDate(text, headers) : null;
}

/** Counted from the provider's own `Date`, so that no difference of clocks goes into it. */
function untilDate(text: string, headers: ResponseHeaders): number | null {
  const at = Date.parse(text);
  const sentAt = Date.parse(headerText(headers, "date"));
  if (Number.isNaN(at)) return null;
  return boundWait(Math.max(0, at - (Number.isNaN(sentAt) ? Date.now() : sentAt)));
}

/** A duration as the providers write it: "644ms", "1.2s", "6m0s", "1h2m3.5s". */
export function durationMs(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) return null;
  let milliseconds = 0;
  for (const [, number, unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g))
    milliseconds += Number(number) * (UNITS[unit] ?? 0);
  return boundWait(Number(milliseconds.toFixed(3)));
}

function retryInfo(details: UpstreamError["envelope"]["details"]): number | null {
  const info = details.find((detail) => String(detail["@type"]).endsWith("google.rpc.RetryInfo"));
  const delay = info?.retryDelay;
  if (typeof delay === "string") return durationMs(delay);
  if (typeof delay !== "object" || delay === null || !("seconds" in delay)) return null;
  const nanos = "nanos" in delay ? Number(delay.nanos) : 0;
  return boundWait(Number(delay.seconds) * SECOND + nanos / 1e6);
}

const UNIT = "(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?![a-z])";
const WAIT_IN_WORDS = new RegExp(
  `\\b(?:try again|retry)(?: again)?(?: in| after) ((?:\\d+(?:\\.\\d+)? ?${UNIT}(?:,| and)? ?)+)`,
  "i",
);

/** "Please try again in 1.2s", "Please retry in 48.2s", "try again in 6m0s", "try again in 20 seconds". */
function waitInWords(message: string): number | null {
  const words = WAIT_IN_WORDS.exec(message)?.[1];
  if (words === undefined) return null;
  let milliseconds = 0;
  for (const [, number, unit = ""] of words.matchAll(
    new RegExp(`(\\d+(?:\\.\\d+)?) ?${UNIT}`, "gi"),
  ))
    milliseconds += Number(number) * (UNITS[shortUnit(unit)] ?? 0);
  return boundWait(Number(milliseconds.toFixed(3)));
}

const shortUnit = (unit: string): string =>
  /^(ms|milli)/i.test(unit) ? "ms" : unit.slice(0, 1).toLowerCase();

/** OpenAI states a duration, Anthropic a date, for each limit; the one with nothing left is the one that was met. */
function resetOfUsedUp(headers: ResponseHeaders): number | null {
  let wait: number | null = null;
  for (const name in headers) {
    const match = /^(x-ratelimit|anthropic-ratelimit)-(.*?)-?remaining-?(.*)$/.exec(name);
    if (!match || headerText(headers, name) !== "0") continue;
    const [, family, before, after] = match;
    const reset = [family, before, "reset", after].filter(Boolean).join("-");
    const text = headerText(headers, reset);
    const milliseconds =
      durationMs(text) ?? (/^\d{4}-/.test(text) ? untilDate(text, headers) : null);
    if (milliseconds !== null) wait = Math.max(wait ?? 0, milliseconds);
  }
  return wait;
}
