import { AppError } from "@/lib/errors";
import { findField, type Place, type Token } from "./field-rules";
import { nextTurn } from "./turns";

const DEPTH_MAX = 400;
/** A bigger body is scanned in slices, so that one of very many tokens does not keep other requests waiting. */
const AT_ONCE_BYTES_MAX = 64 * 1024;
const SLICE_MS = 1;
/** How much of a long string is looked through before the next look at the clock. */
const LONG_STEP_BYTES = 128 * 1024;

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN, CLOSE, LIST, UNLIST] = [
  34, 92, 44, 58, 123, 125, 91, 93,
];
const [VALUE, VALUE_OR_END, KEY, KEY_OR_END, AFTER] = [0, 1, 2, 3, 4];
const WORDS = {
  t: { kind: "true", length: 4 },
  f: { kind: "false", length: 5 },
  n: { kind: "null", length: 4 },
} as const;

/** Bytes at which a plain run of a string stops: its quote, an escape, or a control character, which JSON forbids. */
const STOPS = new Uint8Array(256);
STOPS.fill(1, 0, 32);
STOPS[QUOTE] = STOPS[BACKSLASH] = 1;

/** Scans a whole body, giving way to other work while it is long. */
export async function scanJson<D>(task: {
  body: Buffer;
  place: Place<D>;
  draft: D;
}): Promise<void> {
  const run = createJsonScan(task);
  if (task.body.length <= AT_ONCE_BYTES_MAX) return void run();
  do await nextTurn();
  while (!run(SLICE_MS));
}

/**
 * A strict scan of one JSON text (RFC 8259) that builds nothing: accepts what JSON.parse accepts of the decoded bytes, to
 * a depth of 400. The function goes on for so many milliseconds and says whether it came to the end.
 */
export function createJsonScan<D>({
  body,
  place: root,
  draft,
}: {
  body: Buffer;
  place: Place<D>;
  draft: D;
}) {
  const token: Token = { kind: "null", start: 0, end: 0, escaped: false, body };
  /** For each open object or array: its place (none in free-form parts), whether it is an object, its once-only fields. */
  const places: (Place<D> | undefined)[] = [];
  const objects: boolean[] = [];
  const seen: number[] = [];
  const longRun = createLongRun(body);
  let at = 0;
  let want = VALUE;
  let place: Place<D> | undefined = root;
  /** Where a long string goes on in the next slice; -1 when none was left. */
  let paused = -1;

  const fail = (offset: number): never => {
    throw new AppError(
      "bad_request",
      `The body is not valid JSON: an error at byte ${Math.min(offset, body.length)} of ${body.length}.`,
    );
  };

  /** Reads the string whose opening quote is at `from` into the token; returns the offset after its closing one, or pauses. */
  const readString = (from: number, until: number): number => {
    let i = from + 1;
    if (paused >= 0) {
      i = paused;
      paused = -1;
    } else {
      token.kind = "string";
      token.start = i;
      token.escaped = false;
    }
    for (let steps = 1; ; steps++) {
      if ((steps & 511) === 0 && until !== Infinity && performance.now() > until) {
        paused = i;
        return from;
      }
      const short = i + 24;
      while (i < short && STOPS[body[i] ?? 0] === 0) i++;
      if (i === short) {
        i = longRun(i);
        // A step of it takes about as long as all the steps between two looks at the clock.
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
      if (escape === 117) {
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
    if (body[i] === 45) i++;
    if (body[i] === 48) i++;
    else digits();
    if (body[i] === 46) {
      i++;
      digits();
    }
    if (body[i] === 101 || body[i] === 69) {
      i++;
      if (body[i] === 43 || body[i] === 45) i++;
      digits();
    }
    token.end = i;
    return i;
  };

  const readWord = (from: number): number => {
    const byte = body[from];
    const word =
      byte === 116 ? WORDS.t : byte === 102 ? WORDS.f : byte === 110 ? WORDS.n : fail(from);
    token.kind = word.kind;
    token.start = from;
    token.end = from + word.length;
    token.escaped = false;
    for (let i = 1; i < word.length; i++)
      if (body[from + i] !== word.kind.charCodeAt(i)) fail(from + i);
    return token.end;
  };

  /** The place of the value of the key in the token. */
  const placeOfKey = (depth: number): Place<D> | undefined => {
    const table = places[depth]?.fields;
    if (!table) return undefined;
    const entry = findField(table, token);
    if (!entry) return table.rest;
    const name = entry.place?.once;
    if (name !== undefined) {
      if (token.escaped)
        throw new AppError(
          "bad_request",
          `The field ${name} must be written plainly, without escapes: it decides the route or the price.`,
          { param: name },
        );
      const before = seen[depth] ?? 0;
      if (before & entry.bit)
        throw new AppError(
          "bad_request",
          `The field ${name} is given twice: it decides the route or the price, so send it once.`,
          { param: name },
        );
      seen[depth] = before | entry.bit;
    }
    return entry.place;
  };

  return function run(sliceMs = Infinity): boolean {
    const until = sliceMs === Infinity ? Infinity : performance.now() + sliceMs;
    let depth = places.length - 1;
    for (let steps = 1; ; steps++) {
      if ((steps & 511) === 0 && until !== Infinity && performance.now() > until) return false;
      let byte = body[at];
      while (byte === 32 || byte === 10 || byte === 13 || byte === 9) byte = body[++at];

      if (want === AFTER) {
        if (depth < 0) return byte === undefined ? true : fail(at);
        const isObject = objects[depth];
        if (byte === COMMA) {
          at++;
          want = isObject ? KEY : VALUE;
          if (!isObject) place = places[depth]?.items;
          continue;
        }
        if (byte !== (isObject ? CLOSE : UNLIST)) fail(at);
      } else if (want === KEY || want === KEY_OR_END) {
        if (byte === QUOTE) {
          at = readString(at, until);
          if (paused >= 0) return false;
          place = placeOfKey(depth);
          while (body[at] === 32 || body[at] === 10 || body[at] === 13 || body[at] === 9) at++;
          if (body[at] !== COLON) fail(at);
          at++;
          want = VALUE;
          continue;
        }
        if (want === KEY || byte !== CLOSE) fail(at);
      } else if (want === VALUE || byte !== UNLIST) {
        if (byte === OPEN || byte === LIST) {
          if (depth + 1 >= DEPTH_MAX)
            throw new AppError(
              "bad_request",
              `The body is nested more than ${DEPTH_MAX} levels deep.`,
            );
          token.kind = byte === OPEN ? "object" : "array";
          token.start = token.end = at;
          token.escaped = false;
          at++;
          // Google takes one value where a list belongs, as a list of one.
          if (byte === OPEN && !place?.fields) place = place?.items ?? place;
          place?.on?.(token, draft);
          places.push(place);
          objects.push(byte === OPEN);
          seen.push(0);
          depth++;
          want = byte === OPEN ? KEY_OR_END : VALUE_OR_END;
          if (byte === LIST) place = place?.items;
          continue;
        }
        at =
          byte === QUOTE
            ? readString(at, until)
            : byte === 45 || isDigit(byte ?? 0)
              ? readNumber(at)
              : readWord(at);
        if (paused >= 0) return false;
        place?.on?.(token, draft);
        want = AFTER;
        continue;
      }
      at++;
      places.pop()?.close?.(draft);
      objects.pop();
      seen.pop();
      depth--;
      want = AFTER;
    }
  };
}

const isDigit = (byte: number) => byte >= 48 && byte <= 57;
const isHex = (byte: number) => isDigit(byte) || ((byte | 32) >= 97 && (byte | 32) <= 102);
const isEscape = (byte: number) =>
  byte === 110 ||
  byte === QUOTE ||
  byte === BACKSLASH ||
  byte === 47 ||
  byte === 98 ||
  byte === 102 ||
  byte === 114 ||
  byte === 116;

/**
 * Finds the end of a plain run, or a place close before it. An image is millions of plain bytes: its end is searched by the
 * engine's own byte search, and only control characters are looked for here, sixteen bytes at a time.
 */
function createLongRun(body: Buffer): (from: number) => number {
  let words: Int32Array | undefined;
  let quote = -1;
  let backslash = -1;
  const shift = body.byteOffset & 3;
  /** The next of a byte; each search goes on from what the last one found, so that a body is searched once. */
  const next = (byte: number, from: number) => {
    const found = body.indexOf(byte, from);
    return found < 0 ? body.length : found;
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
