import type { Provider } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import type { ResponseItem } from "@/lib/providers/schema";
import { FOUND_TOKENS } from "../pricing/provider-tools";

export type Item = ResponseItem;

/** What an answer has shown of such tools: their calls, by the name that they are charged under, and the tokens that they put in. */
export type Shown = { calls: Record<string, number>; found: number };

const BYTES_PER_TOKEN = 4;
/** Of a document in base64, of which a token takes about twenty bytes. */
const PACKED_BYTES_PER_TOKEN = 27;
const RESULT = /^(mcp_call|mcp_list_tools|\w+_tool_result)$/;

/** The tokens of a tool's result that passes by whole. */
export const tokensOfResult = (
  { type = "" }: Item,
  { bytes, packed }: { bytes: number; packed: boolean },
): number =>
  RESULT.test(type) ? Math.ceil(bytes / (packed ? PACKED_BYTES_PER_TOKEN : BYTES_PER_TOKEN)) : 0;

/** Calls whose results are not read by the model. */
const UNREAD = new Set(["codeExecution", "imageGeneration"]);

/** Counts calls; where an answer shows that a tool was called and not what it found, a usual find is counted for each. */
export function toolsShown({
  provider,
  items,
  found,
}: {
  provider: Provider;
  items: Iterable<Item>;
  found: number;
}): Shown {
  const { chargedCall, showsFindings } = providerRecord(provider).usage;
  const shown: Shown = { calls: {}, found };
  for (const item of items) {
    const name = chargedCall(item);
    if (name === null) continue;
    shown.calls[name] = (shown.calls[name] ?? 0) + 1;
    if (!showsFindings && !UNREAD.has(name)) shown.found += FOUND_TOKENS;
  }
  return shown;
}
