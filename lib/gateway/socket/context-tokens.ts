import type { Usage } from "@/lib/catalog/schema";
import type { Scan } from "../body-scan";
import { tokensOf } from "../settlement/settle";

/**
 * The most tokens that a response has with all that led to it, which the turn that continues it puts in again; null where
 * nothing bounds them but the context window. What a warm-up has prepared may not be in its usage, so it is taken from its text.
 */
export function contextTokens(scan: Scan, usage: Usage): number | null {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = tokensOf(usage);
  const statedTokens = input + cacheRead + cacheWrite5m + cacheWrite1h + output;
  if (!scan.isWarmUp) return statedTokens;
  const isKnown =
    (scan.previousResponseId === null || scan.previousTokens !== null) &&
    scan.itemReferences.length === 0 &&
    scan.media.length === 0;
  return isKnown ? Math.max(statedTokens, (scan.previousTokens ?? 0) + scan.textBytes) : null;
}
