import type { Provider } from "@/lib/catalog/schema";
import { FOUND_TOKENS } from "../pricing/provider-tools";

/** An item of a response, or a block of a message, as far as it names a tool that the provider ran. */
export type Item = { id?: string; type?: string; action?: string; name?: string };

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
  const shown: Shown = { calls: {}, found };
  for (const item of items) {
    const name = chargedName(item, provider);
    if (name === null) continue;
    shown.calls[name] = (shown.calls[name] ?? 0) + 1;
    if (provider !== "anthropic" && name !== "codeExecution") shown.found += FOUND_TOKENS;
  }
  return shown;
}

function chargedName(
  { type = "", action = "search", name = "" }: Item,
  provider: Provider,
): string | null {
  switch (provider) {
    case "openai":
      return type === "web_search_call" && action === "search" ? "webSearch" : null;
    case "anthropic":
      return type === "server_tool_use" && name === "web_search" ? "webSearch" : null;
    case "xai":
      if (type === "web_search_call") return "webSearch";
      if (type === "x_search_call" || (type === "custom_tool_call" && name.startsWith("x_")))
        return "xSearch";
      return type === "code_interpreter_call" ? "codeExecution" : null;
    case "google":
      return null;
  }
}
