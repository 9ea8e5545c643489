import type { EndpointName, Model, Provider, Rates } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import type { Scan } from "./scan";

/**
 * How a tool is charged: by the tokens that it puts in and takes out alone (the caller runs it, or the provider asks
 * nothing for it), or beside them by calls that the answer's usage counts, under the first of these names with a price.
 */
type Charge = "tokens" | readonly string[];
type Listed = { types: RegExp; charge: Charge; unless?: (scan: Scan, model: Model) => boolean };

const tokens = (types: RegExp, unless?: Listed["unless"]): Listed => ({
  types,
  charge: "tokens",
  ...(unless ? { unless } : {}),
});

/** Code execution is free beside a search or fetch of these versions, and billed by container hours, which no answer states, without one. */
const FREES_EXECUTION = /^web_(search|fetch)_(2026(0[2-9]|1\d)\d\d|202[7-9]\d{4})$/;

/** What each provider runs itself. A tool that is not here has no price, and is refused. */
const LISTED: Record<Provider, Listed[]> = {
  openai: [
    { types: /^web_search(_2025_08_26)?$/, charge: ["webSearch"] },
    // At models that do not reason the preview has a price of its own.
    { types: /^web_search_preview(_\d{4}_\d\d_\d\d)?$/, charge: ["webSearch"], unless: (_, model) => !model.reasoning },
    tokens(/^(computer|computer_use|computer_use_preview|shell|local_shell|apply_patch|mcp|tool_search|namespace)$/),
  ],
  anthropic: [
    { types: /^web_search_\d{8}$/, charge: ["webSearch"] },
    tokens(/^(web_fetch_\d{8}|tool_search_tool_\w+|mcp_toolset|computer_\w+|browser_\w+)$/),
    tokens(/^code_execution_2026\d{4}$/, ({ tools }) => !tools.some((tool) => FREES_EXECUTION.test(tool))),
  ],
  google: [
    { types: /^googleSearch(Retrieval)?$/, charge: ["webSearch", "groundedPrompt"] },
    tokens(/^(urlContext|codeExecution|computerUse|mcpServers)$/),
  ],
  xai: [
    { types: /^web_search$/, charge: ["webSearch"] },
    { types: /^x_search$/, charge: ["xSearch"] },
    { types: /^(code_interpreter|code_execution)$/, charge: ["codeExecution"] },
    tokens(/^mcp$/),
  ],
};

/** Chat completions state no calls, so a tool that is charged by them cannot be billed there. */
const COUNTS_NO_CALLS: readonly EndpointName[] = ["chat.completions"];

/** The units in which the tools of a request will be charged; throws bad_request for a tool without a price. */
export function chargedCalls(asked: { scan: Scan; model: Model; endpoint: EndpointName; rates: Rates }): string[] {
  return [...new Set(asked.scan.tools.flatMap((tool) => callOf({ ...asked, tool }) ?? []))];
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
