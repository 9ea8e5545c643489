import type { Provider } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import type { ResponseItem } from "@/lib/providers/schema";
import { FOUND_TOKENS } from "../pricing/provider-tools";

/** What a response has shown of such tools: their calls, by the name that they are charged under, and the tokens that they found. */
export type ShownTools = { calls: Record<string, number>; foundTokens: number };

const BYTES_PER_TOKEN = 4;
/** Of a document in base64, of which a token takes about twenty bytes. */
const BASE64_BYTES_PER_TOKEN = 27;
const RESULT = /^(mcp_call|mcp_list_tools|\w+_tool_result)$/;

/** The tokens of a tool's result that a response contains. */
export const tokensOfResult = (
  { type = "" }: ResponseItem,
  { bytes, isBase64 }: { bytes: number; isBase64: boolean },
): number =>
  RESULT.test(type) ? Math.ceil(bytes / (isBase64 ? BASE64_BYTES_PER_TOKEN : BYTES_PER_TOKEN)) : 0;

/** Counts calls; where a response shows that a tool was called and not what it found, a usual result is counted for each. */
export function toolsShown({
  provider,
  items,
  foundTokens,
}: {
  provider: Provider;
  items: Iterable<ResponseItem>;
  foundTokens: number;
}): ShownTools {
  const { chargedCall, showsFindings } = providerRecord(provider).usage;
  const tools: ShownTools = { calls: {}, foundTokens };
  for (const item of items) {
    const name = chargedCall(item);
    if (name === null) continue;
    tools.calls[name] = (tools.calls[name] ?? 0) + 1;
    if (!showsFindings && name !== "codeExecution") tools.foundTokens += FOUND_TOKENS;
  }
  return tools;
}
