import type { TextShape } from "@/lib/providers/schema";

/** So much of a text is looked at. */
const CHARACTERS_MAX = 8_192;
const SYMBOLS = /[^\p{L}\p{N}\s]/gu;
const WIDE = /[\u2e80-\u9fff\uac00-\ud7af\u{20000}-\u{3ffff}]/gu;
/** Of o200k: a character of these scripts is about three fourths of a token, another one about a fourth. */
const TOKENS_PER_WIDE = 0.75;
const TOKENS_PER_CHARACTER = 0.25;

export function textShape(text: string): TextShape {
  const head = text.slice(0, CHARACTERS_MAX);
  if (head === "") return { symbols: 0, wide: 0 };
  const wideTokens = (head.match(WIDE)?.length ?? 0) * TOKENS_PER_WIDE;
  const otherTokens = (head.length - wideTokens / TOKENS_PER_WIDE) * TOKENS_PER_CHARACTER;
  return {
    symbols: (head.match(SYMBOLS)?.length ?? 0) / head.length,
    wide: wideTokens / Math.max(1, wideTokens + otherTokens),
  };
}
