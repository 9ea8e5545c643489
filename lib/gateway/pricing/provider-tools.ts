import type { EndpointName, Model, Rates } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { providerRecord } from "@/lib/providers";
import type { Scan } from "../body-scan";

const PREVIEW = /^web_search_preview(_\d{4}_\d\d_\d\d)?$/;

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
    tools.map(
      (tool) => providerRecord(provider).tools.find(({ types }) => types.test(tool))?.brings,
    ),
  );
  if (brings.has("anything")) return Infinity;
  return brings.has("findings") ? FOUND_TOKENS : 0;
}

type Asked = { tool: string; scan: Scan; model: Model; endpoint: EndpointName; rates: Rates };

function callOf({ tool, scan, model, endpoint, rates }: Asked): string | null {
  const found = providerRecord(model.provider).tools.find(({ types }) => types.test(tool));
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
