import { AppError } from "@/lib/errors";
import {
  BACKSLASH,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  isDigit,
  isHex,
  isSpace,
  LOWER_B,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_T,
  LOWER_U,
  MINUS,
  OPENING_BRACE,
  OPENING_BRACKET,
  PERIOD,
  PLUS,
  QUOTE,
  SLASH,
  UPPER_E,
  ZERO,
} from "./ascii";
import { findField, type ValueRule, type JsonToken } from "./field-rules";
import { nextTurn } from "./turns";

const DEPTH_MAX = 400;
/** A longer body is scanned in slices, so that one with very many tokens does not keep other requests waiting. */
const UNSLICED_BYTES_MAX = 64 * 1024;
const SLICE_MS = 1;
/** How much of a long string is read before the clock is read again. */
const LONG_STEP_BYTES = 128 * 1024;

/** What the scan expects next. */
const VALUE = 0;
const VALUE_OR_END = 1;
const KEY = 2;
const KEY_OR_END = 3;
const AFTER_VALUE = 4;
const WORDS = {
  t: { kind: "true", length: 4 },
  f: { kind: "false", length: 5 },
  n: { kind: "null", length: 4 },
} as const;

/** Bytes at which a plain run of a string stops: its quote, an escape, or a control character, which JSON forbids. */
const STOPS = new Uint8Array(256);
STOPS.fill(1, 0, 32);
STOPS[QUOTE] = STOPS[BACKSLASH] = 1;

/** Scans a complete body; other work runs between the slices of a long one. */
export async function scanJson<D>(task: {
  body: Buffer;
  rule: ValueRule<D>;
  draft: D;
}): Promise<void> {
  const run = createJsonScan(task);
  if (task.body.length <= UNSLICED_BYTES_MAX) return void run();
  do await nextTurn();
  while (!run(SLICE_MS));
}

/**
 * A strict scan of one JSON text (RFC 8259) that builds nothing: accepts what JSON.parse accepts of the decoded bytes, to
 * a depth of 400. The returned function scans for `sliceMs` milliseconds and returns true at the end of the body.
 */
export function createJsonScan<D>({
  body,
  rule: root,
  draft,
}: {
  body: Buffer;
  rule: ValueRule<D>;
  draft: D;
}) {
  const token: JsonToken = { kind: "null", start: 0, end: 0, escaped: false, body };
  /** For each open object or array: its rule (none where it is unchecked), whether it is an object, the bits of its once-only fields. */
  const rules: (ValueRule<D> | undefined)[] = [];
  const objects: boolean[] = [];
  const onceBits: number[] = [];
  const longRun = createLongRun(body);
  let at = 0;
  let expectation = VALUE;
  let rule: ValueRule<D> | undefined = root;
  /** Where a long string continues in the next slice; -1 when no string is open. */
  let resumeAt = -1;

  const fail = (offset: number): never => {
    throw new AppError(
      "bad_request",
      `The body is not valid JSON: an error at byte ${Math.min(offset, body.length)} of ${body.length}.`,
    );
  };

  /** Reads the string whose opening quote is at `from` into the token; returns the offset after its closing one, or sets resumeAt. */
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
        return from;
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
        if (byte === undefined || byte < 32) fail(i);
        continue;
      }
      token.escaped = true;
      const escape = body[i + 1] ?? 0;
      if (escape === LOWER_U) {
        for (let digit = i + 2; digit < i + 6; digit++) if (!isHex(body[digit] ?? 0)) fail(digit);
        i += 6;
      } else if (isEscape(escape)) i += 2;
      else fail(i + 1);
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
      if (i === first) fail(i);
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
            : fail(from);
    token.kind = word.kind;
    token.start = from;
    token.end = from + word.length;
    token.escaped = false;
    for (let i = 1; i < word.length; i++)
      if (body[from + i] !== word.kind.charCodeAt(i)) fail(from + i);
    return token.end;
  };

  /** The rule for the value of the key in the token. */
  const ruleOfKey = (depth: number): ValueRule<D> | undefined => {
    const table = rules[depth]?.fields;
    if (!table) return undefined;
    const entry = findField(table, token);
    if (!entry) return table.others;
    const name = entry.rule?.once;
    if (name !== undefined) {
      if (token.escaped)
        throw new AppError(
          "bad_request",
          `The field ${name} must be written without escapes: it decides the route or the price.`,
          { param: name },
        );
      const bits = onceBits[depth] ?? 0;
      if (bits & entry.bit)
        throw new AppError(
          "bad_request",
          `The field ${name} is given twice. It decides the route or the price: send it once.`,
          { param: name },
        );
      onceBits[depth] = bits | entry.bit;
    }
    return entry.rule;
  };

  return function run(sliceMs = Infinity): boolean {
    const until = sliceMs === Infinity ? Infinity : performance.now() + sliceMs;
    let depth = rules.length - 1;
    for (let steps = 1; ; steps++) {
      if ((steps & 511) === 0 && until !== Infinity && performance.now() > until) return false;
      let byte = body[at];
      while (isSpace(byte)) byte = body[++at];

      if (expectation === AFTER_VALUE) {
        if (depth < 0) return byte === undefined ? true : fail(at);
        const isObject = objects[depth];
        if (byte === COMMA) {
          at++;
          expectation = isObject ? KEY : VALUE;
          if (!isObject) rule = rules[depth]?.items;
          continue;
        }
        if (byte !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) fail(at);
      } else if (expectation === KEY || expectation === KEY_OR_END) {
        if (byte === QUOTE) {
          at = readString(at, until);
          if (resumeAt >= 0) return false;
          rule = ruleOfKey(depth);
          while (isSpace(body[at])) at++;
          if (body[at] !== COLON) fail(at);
          at++;
          expectation = VALUE;
          continue;
        }
        if (expectation === KEY || byte !== CLOSING_BRACE) fail(at);
      } else if (expectation === VALUE || byte !== CLOSING_BRACKET) {
        if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
          if (depth + 1 >= DEPTH_MAX)
            throw new AppError(
              "bad_request",
              `The body is nested more than ${DEPTH_MAX} levels deep.`,
            );
          token.kind = byte === OPENING_BRACE ? "object" : "array";
          token.start = token.end = at;
          token.escaped = false;
          at++;
          // Google accepts one value where a list is expected, as a list of one.
          if (byte === OPENING_BRACE && !rule?.fields) rule = rule?.items ?? rule;
          rule?.on?.(token, draft);
          rules.push(rule);
          objects.push(byte === OPENING_BRACE);
          onceBits.push(0);
          depth++;
          expectation = byte === OPENING_BRACE ? KEY_OR_END : VALUE_OR_END;
          if (byte === OPENING_BRACKET) rule = rule?.items;
          continue;
        }
        at =
          byte === QUOTE
            ? readString(at, until)
            : byte === MINUS || isDigit(byte ?? 0)
              ? readNumber(at)
              : readWord(at);
        if (resumeAt >= 0) return false;
        rule?.on?.(token, draft);
        expectation = AFTER_VALUE;
        continue;
      }
      at++;
      rules.pop()?.close?.(draft);
      objects.pop();
      onceBits.pop();
      depth--;
      expectation = AFTER_VALUE;
    }
  };
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

/**
 * Finds the end of a plain run, or an offset shortly before it. An image is millions of plain bytes: the engine's byte search
 * finds its end, and only control characters are searched for here, sixteen bytes at a time.
 */
function createLongRun(body: Buffer): (from: number) => number {
  let words: Int32Array | undefined;
  let quote = -1;
  let backslash = -1;
  const shift = body.byteOffset & 3;
  /** The next offset of a byte. Each search starts at the result of the last one, so that a body is searched once. */
  const next = (byte: number, from: number) => {
    const offset = body.indexOf(byte, from);
    return offset < 0 ? body.length : offset;
  };
  return (from) => {
    words ??= new Int32Array(body.buffer, body.byteOffset - shift, (shift + body.length) >> 2);
    if (quote < from) quote = next(QUOTE, from);
    if (backslash < from) backslash = next(BACKSLASH, from);
    const end = Math.min(quote, backslash, from + LONG_STEP_BYTES);
    let i = from;
    for (; i < end && ((i + shift) & 3) !== 0; i++) if ((body[i] ?? 0) < 32) return i;
    let word = (i + shift) >> 2;
    const last = (end + shift) >> 2;
    // A byte below n in a word x: (x - n·0x01010101) & ~x & 0x80808080.
    for (; word + 4 <= last; word += 4) {
      const a = words[word] ?? 0;
      const b = words[word + 1] ?? 0;
      const c = words[word + 2] ?? 0;
      const d = words[word + 3] ?? 0;
      const low =
        ((a - 0x20202020) & ~a) |
        ((b - 0x20202020) & ~b) |
        ((c - 0x20202020) & ~c) |
        ((d - 0x20202020) & ~d);
      if ((low & 0x80808080) !== 0) break;
    }
    i = Math.max(i, word * 4 - shift);
    while (i < end && (body[i] ?? 0) >= 32) i++;
    return i;
  };
}
