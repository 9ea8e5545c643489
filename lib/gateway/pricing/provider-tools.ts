import type { EndpointName, Model, Provider, Rates } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import type { Scan } from "../body-scan";

/**
 * How a tool is charged: by the tokens that it puts in and takes out alone (the caller runs it, or the provider asks
 * nothing for it), or beside them by calls that the answer's usage counts, under the first of these names with a price.
 */
type Charge = "tokens" | readonly string[];
/** What it puts in beside the request: nothing where the caller runs it, what a few calls find, or as much as it likes. */
type Brings = "nothing" | "findings" | "anything";
type Listed = {
  types: RegExp;
  charge: Charge;
  brings: Brings;
  unless?: (scan: Scan, model: Model) => boolean;
};

const tokens = (types: RegExp, brings: Brings, unless?: Listed["unless"]): Listed => ({
  ...{ types, charge: "tokens", brings },
  ...(unless ? { unless } : {}),
});
const calls = (types: RegExp, charge: readonly string[], unless?: Listed["unless"]): Listed => ({
  ...{ types, charge, brings: "findings" },
  ...(unless ? { unless } : {}),
});

/** Code execution is free beside a search or fetch of these versions, and billed by container hours, which no answer states, without one. */
const FREES_EXECUTION = /^web_(search|fetch)_(2026(0[2-9]|1\d)\d\d|202[7-9]\d{4})$/;

const PREVIEW = /^web_search_preview(_\d{4}_\d\d_\d\d)?$/;
const hasPreviewPrice = ({ prices }: Model) =>
  prices.some(({ rates }) => rates.perCall?.webSearchPreview !== undefined);

/** The rates of a request that may search by OpenAI's preview, whose calls have another price at models that do not reason. */
export function withPreviewPrice({
  rates,
  scan,
  model,
}: {
  rates: Rates;
  scan: Scan;
  model: Model;
}): Rates {
  const preview = rates.perCall?.webSearchPreview;
  if (preview === undefined || model.reasoning || !scan.tools.some((tool) => PREVIEW.test(tool)))
    return rates;
  return { ...rates, perCall: { ...rates.perCall, webSearch: preview } };
}

/** What each provider runs itself. A tool that is not here has no price, and is refused. */
const LISTED: Record<Provider, Listed[]> = {
  openai: [
    calls(/^web_search(_2025_08_26)?$/, ["webSearch"]),
    // At models that do not reason the preview has another price.
    calls(PREVIEW, ["webSearch"], (_, model) => !model.reasoning && !hasPreviewPrice(model)),
    tokens(/^mcp$/, "anything"),
    tokens(
      /^(computer|computer_use|computer_use_preview|shell|local_shell|apply_patch|tool_search|namespace)$/,
      "nothing",
    ),
  ],
  anthropic: [
    calls(/^web_search_\d{8}$/, ["webSearch"]),
    tokens(/^(web_fetch_\d{8}|mcp_toolset)$/, "anything"),
    tokens(/^(tool_search_tool_\w+|computer_\w+|browser_\w+)$/, "nothing"),
    tokens(
      /^code_execution_2026\d{4}$/,
      "findings",
      ({ tools }) => !tools.some((tool) => FREES_EXECUTION.test(tool)),
    ),
  ],
  google: [
    calls(/^googleSearch(Retrieval)?$/, ["webSearch", "groundedPrompt"]),
    tokens(/^(urlContext|mcpServers)$/, "anything"),
    tokens(/^codeExecution$/, "findings"),
    tokens(/^computerUse$/, "nothing"),
  ],
  xai: [
    calls(/^web_search$/, ["webSearch"]),
    calls(/^x_search$/, ["xSearch"]),
    calls(/^(code_interpreter|code_execution)$/, ["codeExecution"]),
    tokens(/^mcp$/, "anything"),
  ],
};

/** Calls of each tool that the provider runs: more are charged all the same. */
export const CALLS_HELD = 10;
/** The block of tokens that OpenAI's guide names for what one search finds. */
export const FOUND_TOKENS = 8_000;

/** Chat completions state no calls, so a tool that is charged by them cannot be billed there. */
const COUNTS_NO_CALLS: readonly EndpointName[] = ["chat.completions"];

/** The units in which the tools of a request will be charged; throws bad_request for a tool without a price. */
export function chargedCalls(asked: {
  scan: Scan;
  model: Model;
  endpoint: EndpointName;
  rates: Rates;
}): string[] {
  return [...new Set(asked.scan.tools.flatMap((tool) => callOf({ ...asked, tool }) ?? []))];
}

/** The tokens that one call of a request's tools puts in: none where the caller runs them all, Infinity without an end but the window. */
export function foundByCall({ tools }: Scan, { provider }: Model): number {
  const brings = new Set(
    tools.map((tool) => LISTED[provider].find(({ types }) => types.test(tool))?.brings),
  );
  if (brings.has("anything")) return Infinity;
  return brings.has("findings") ? FOUND_TOKENS : 0;
}

type Asked = { tool: string; scan: Scan; model: Model; endpoint: EndpointName; rates: Rates };

function callOf({ tool, scan, model, endpoint, rates }: Asked): string | null {
  const found = LISTED[model.provider].find(({ types }) => types.test(tool));
  if (!found || found.unless?.(scan, model)) throw unpriced(tool, model);
  if (found.charge === "tokens") return null;
  const name = found.charge.find((each) => rates.perCall?.[each] !== undefined);
  if (name === undefined || COUNTS_NO_CALLS.includes(endpoint)) throw unpriced(tool, model);
  return name;
}

function unpriced(tool: string, model: Model): AppError {
  const named = /^\w{1,64}$/.test(tool) ? `The tool ${tool}` : "A tool of this type";
  return new AppError(
    "bad_request",
    `${named} is not served with ${model.id} here: the provider charges for it by something that its answer does not state. ${adviceFor(tool)}`,
    { param: "tools" },
  );
}

function adviceFor(tool: string): string {
  if (/image/.test(tool)) return "Draw with POST /v1/images/generations instead.";
  if (/code_|shell|container/.test(tool)) return "Run the code yourself, behind a function tool.";
  if (/search|maps/i.test(tool))
    return "Search with a model and an endpoint that price it (POST /v1/responses with web_search), or behind a function tool of your own.";
  return "Offer it as a function tool of your own.";
}
