/** Counts the bytes of a stream's visible strings, whatever the size of its chunks and without building anything. */
export type TextByteCounter = {
  /** Takes the next chunk, which must not change afterwards. */
  feed(chunk: Buffer): void;
  /** Bytes of the strings as JSON encodes them, without their quotes. */
  total(): number;
};

const NO_BYTES = Buffer.alloc(0);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** The first chunks are counted when a total is asked for, which most responses never need: they state their usage. */
const UNCOUNTED_BYTES_MAX = 32_768;
/** What may be cut at the end of a chunk: a key, white space, a colon and the quote that opens the string. */
const TAIL_BYTES_MAX = 48;

/**
 * Counts the strings under these keys, wherever they stand. A key within a string has its quotes escaped, so that it is never
 * taken for one. Each chunk is searched natively: reading events as JSON would take ten times as long.
 */
export function createTextByteCounter(keys: readonly string[]): TextByteCounter {
  /** Made when the first chunk is counted. */
  let marks: Buffer[] = [];
  let total = 0;
  let tail: Buffer = NO_BYTES;
  let isOpen = false;
  let isEscaped = false;
  let waitingChunks: Buffer[] = [];
  let uncountedBytes = 0;

  /** The place after the string that is open at `at`, or the end of the bytes. */
  const countString = (bytes: Buffer, at: number): number => {
    let from = at;
    if (isEscaped && from < bytes.length) {
      isEscaped = false;
      from++;
    }
    for (;;) {
      const quote = bytes.indexOf(QUOTE, from);
      const stop = quote === -1 ? bytes.length : quote;
      let slashes = 0;
      while (stop - slashes > from && bytes[stop - slashes - 1] === BACKSLASH) slashes++;
      if (quote === -1) {
        isEscaped = slashes % 2 === 1;
        total += bytes.length - at;
        return bytes.length;
      }
      if (slashes % 2 === 0) {
        isOpen = false;
        total += quote - at;
        return quote + 1;
      }
      from = quote + 1;
    }
  };

  /** Returns a search for the next key from a position on. The chunk is searched once per key, however many strings it has. */
  const createMarkSearch = (bytes: Buffer) => {
    const starts = marks.map((mark) => bytes.indexOf(mark));
    return (at: number): { start: number; end: number } | null => {
      let first: { start: number; end: number } | null = null;
      for (const [index, mark] of marks.entries()) {
        let start = starts[index] ?? -1;
        if (start === -1) continue;
        if (start < at) {
          start = bytes.indexOf(mark, at);
          starts[index] = start;
          if (start === -1) continue;
        }
        if (first === null || start < first.start) first = { start, end: start + mark.length };
      }
      return first;
    };
  };

  const count = (chunk: Buffer): void => {
    if (marks.length === 0) marks = keys.map((key) => Buffer.from(`"${key}"`));
    let at = 0;
    if (isOpen) at = countString(chunk, 0);
    if (isOpen) return;
    const bytes = tail.length > 0 ? Buffer.concat([tail, chunk.subarray(at)]) : chunk;
    if (tail.length > 0) at = 0;
    tail = NO_BYTES;
    const nextMark = createMarkSearch(bytes);
    for (;;) {
      const mark = nextMark(at);
      if (mark === null) break;
      const opens = valueStart(bytes, mark.end);
      if (opens === "cut") {
        tail = Buffer.from(bytes.subarray(mark.start));
        return;
      }
      if (opens === null) {
        at = mark.end;
        continue;
      }
      isOpen = true;
      at = countString(bytes, opens);
      if (isOpen) return;
    }
    tail = Buffer.from(bytes.subarray(Math.max(at, bytes.length - TAIL_BYTES_MAX)));
  };

  const countUncounted = (): void => {
    const chunks = waitingChunks;
    waitingChunks = [];
    for (const chunk of chunks) count(chunk);
  };

  return {
    feed(chunk) {
      uncountedBytes += chunk.length;
      if (uncountedBytes <= UNCOUNTED_BYTES_MAX) waitingChunks.push(chunk);
      else {
        countUncounted();
        count(chunk);
      }
    },
    total() {
      countUncounted();
      return total;
    },
  };
}

/** Where the string of a key begins; null where its value is none, "cut" where the bytes end before it. */
function valueStart(bytes: Buffer, at: number): number | null | "cut" {
  let colons = 0;
  for (let i = at; i < Math.min(bytes.length, at + TAIL_BYTES_MAX / 2); i++) {
    const byte = bytes[i];
    if (byte === QUOTE && colons === 1) return i + 1;
    if (byte === COLON && colons === 0) colons++;
    else if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return null;
  }
  return bytes.length - at >= TAIL_BYTES_MAX / 2 ? null : "cut";
}
