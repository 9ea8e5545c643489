import { BACKSLASH, QUOTE } from "./ascii";

/** How much of a long string is read before the clock is read again. */
export const LONG_STEP_BYTES = 128 * 1024;

/**
 * Finds the end of a plain run, or an offset shortly before it. An image is millions of plain bytes: the engine's byte search
 * finds its end, and only control characters are searched for here, sixteen bytes at a time.
 */
export function createLongRun(body: Buffer): (from: number) => number {
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
