import { AppError } from "@/lib/errors";
import {
  BACKSLASH,
  isDigit,
  isHex,
  LOWER_B,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_T,
  LOWER_U,
  MINUS,
  PERIOD,
  PLUS,
  QUOTE,
  SLASH,
  UPPER_E,
  ZERO,
} from "./ascii";
import type { JsonToken } from "./field-rules";
import { createLongRun, LONG_STEP_BYTES } from "./long-run";

const WORDS = {
  t: { kind: "true", length: 4 },
  f: { kind: "false", length: 5 },
  n: { kind: "null", length: 4 },
} as const;

/** Bytes at which a plain run of a string stops: its quote, an escape, or a control character, which JSON forbids. */
const STOPS = new Uint8Array(256);
STOPS.fill(1, 0, 32);
STOPS[QUOTE] = STOPS[BACKSLASH] = 1;

/** Throws the error of a body that is not valid JSON. */
export function fail(body: Buffer, offset: number): never {
  throw new AppError(
    "bad_request",
    `The body is not valid JSON: an error at byte ${Math.min(offset, body.length)} of ${body.length}.`,
  );
}

/** Reads the scalars of a body, strictly by RFC 8259, into one token that is reused. */
export function createTokenReader(body: Buffer) {
  const token: JsonToken = { kind: "null", start: 0, end: 0, escaped: false, body };
  const longRun = createLongRun(body);
  /** Where a long string continues in the next slice; -1 when no string is open. */
  let resumeAt = -1;

  /**
   * Reads the string whose opening quote is at `from` into the token; returns the offset after its closing one, or -1 where the
   * time is up: the next call continues it.
   */
  const readString = (from: number, until: number): number => {
    let i = from + 1;
    if (resumeAt >= 0) {
      i = resumeAt;
      resumeAt = -1;
    } else {
      token.kind = "string";
      token.start = i;
      token.escaped = false;
    }
    for (let steps = 1; ; steps++) {
      if ((steps & 511) === 0 && until !== Infinity && performance.now() > until) {
        resumeAt = i;
        return -1;
      }
      const short = i + 24;
      while (i < short && STOPS[body[i] ?? 0] === 0) i++;
      if (i === short) {
        i = longRun(i);
        // Such a step takes about as long as all the steps between two readings of the clock.
        if (i - short >= LONG_STEP_BYTES) steps |= 511;
      }
      const byte = body[i];
      if (byte === QUOTE) {
        token.end = i;
        return i + 1;
      }
      if (byte !== BACKSLASH) {
        if (byte === undefined || byte < 32) fail(body, i);
        continue;
      }
      token.escaped = true;
      const escape = body[i + 1] ?? 0;
      if (escape === LOWER_U) {
        for (let digit = i + 2; digit < i + 6; digit++)
          if (!isHex(body[digit] ?? 0)) fail(body, digit);
        i += 6;
      } else if (isEscape(escape)) i += 2;
      else fail(body, i + 1);
    }
  };

  const readNumber = (from: number): number => {
    let i = from;
    token.kind = "number";
    token.start = i;
    token.escaped = false;
    const digits = () => {
      const first = i;
      while (isDigit(body[i] ?? 0)) i++;
      if (i === first) fail(body, i);
    };
    if (body[i] === MINUS) i++;
    if (body[i] === ZERO) i++;
    else digits();
    if (body[i] === PERIOD) {
      i++;
      digits();
    }
    if (body[i] === LOWER_E || body[i] === UPPER_E) {
      i++;
      if (body[i] === PLUS || body[i] === MINUS) i++;
      digits();
    }
    token.end = i;
    return i;
  };

  const readWord = (from: number): number => {
    const byte = body[from];
    const word =
      byte === LOWER_T
        ? WORDS.t
        : byte === LOWER_F
          ? WORDS.f
          : byte === LOWER_N
            ? WORDS.n
            : fail(body, from);
    token.kind = word.kind;
    token.start = from;
    token.end = from + word.length;
    token.escaped = false;
    for (let i = 1; i < word.length; i++)
      if (body[from + i] !== word.kind.charCodeAt(i)) fail(body, from + i);
    return token.end;
  };

  return { token, readString, readNumber, readWord };
}

const isEscape = (byte: number) =>
  byte === LOWER_N ||
  byte === QUOTE ||
  byte === BACKSLASH ||
  byte === SLASH ||
  byte === LOWER_B ||
  byte === LOWER_F ||
  byte === LOWER_R ||
  byte === LOWER_T;
