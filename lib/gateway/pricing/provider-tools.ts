import { ratesAt } from "@/lib/catalog/queries";
import type { EndpointName, Model, Rates } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { providerRecord } from "@/lib/providers";
import type { Scan } from "../body-scan";
import { NO_BOUNDS, type ToolBounds } from "../body-scan/schema";
import { offeredModel } from "../request/offered-model";

const PREVIEW = /^web_search_preview(_\d{4}_\d\d_\d\d)?$/;

/**
 * The rates of a request that may search at OpenAI. Calls of the preview have another price at models that do not reason; calls
 * of the search at its smallest models cost a fixed block of input tokens as well: https://developers.openai.com/api/docs/pricing
 */
export function withSearchPrice({
  rates,
  scan,
  model,
}: {
  rates: Rates;
  scan: Scan;
  model: Model;
}): Rates {
  const { webSearch: search, webSearchPreview: preview } = rates.perCall ?? {};
  const isPreview = scan.tools.some((tool) => PREVIEW.test(tool));
  if (isPreview && preview !== undefined && !model.reasoning)
    return { ...rates, perCall: { ...rates.perCall, webSearch: preview } };
  if (search === undefined || model.searchTokens === undefined) return rates;
  const block = Math.ceil((model.searchTokens * rates.input) / TOKENS_PER_RATE);
  return { ...rates, perCall: { ...rates.perCall, webSearch: search + block } };
}
/** A rate is for so many tokens. */
const TOKENS_PER_RATE = 1_000_000;

/** Calls held for where neither the client nor the provider bounds them. */
export const CALLS_HELD = 10;
/** The block of tokens that OpenAI's guide names for what one search finds. */
export const FOUND_TOKENS = 8_000;
/** What the tools of a request can do at most. */
export interface ToolUse {
  /** The most calls of each unit that is charged. */
  calls: Record<string, number>;
  /**
   * The tokens that all calls up to each round have found: after each round the provider reads the prompt again. Infinity is cut
   * at the context window.
   */
  foundByRound: number[];
  /** Whether a tool has no bound by client or provider: more than is held for may be used. */
  isUnbounded: boolean;
  /** The model that an image tool runs, its rates, and how often at most; null without such a tool. */
  drawing: { model: Model; rates: Rates; uses: number } | null;
}

/** Chat completions state no calls, so a tool that is charged by them cannot be billed there. */
const COUNTS_NO_CALLS: readonly EndpointName[] = ["chat.completions"];

const NO_TOOL_USE: ToolUse = { calls: {}, foundByRound: [], isUnbounded: false, drawing: null };

/** What the tools of a request can do at most; throws bad_request for a tool without a price. */
export function toolUseOf(request: ToolRequest): ToolUse {
  const { scan, model } = request;
  if (scan.tools.length === 0 && model.callsPerResponse === undefined) return NO_TOOL_USE;
  const calls: Record<string, number> = { ...model.callsPerResponse };
  const findings = Object.values(calls).map((uses) => ({ uses, tokens: FOUND_TOKENS }));
  let isUnbounded = false;
  let drawing: ToolUse["drawing"] = null;
  for (const [i, tool] of scan.tools.entries()) {
    const name = callOf({ ...request, tool });
    const bounds = scan.toolBounds[i] ?? NO_BOUNDS;
    const uses = usesOf(bounds, scan);
    if (name !== null && model.callsPerResponse?.[name] !== undefined) continue;
    const drawn = drawingOf({ ...request, tool, bounds, uses });
    if (drawn && drawing) throw twoDrawings();
    drawing ??= drawn;
    if (name !== null)
      calls[name] = Math.min((calls[name] ?? 0) + uses, scan.maxToolCalls ?? Infinity);
    const brings = listedOf(tool, model)?.brings;
    if (brings === undefined || brings === "nothing") continue;
    const tokensMax = brings === "findings" ? FOUND_TOKENS : (bounds.maxContentTokens ?? Infinity);
    findings.push({ uses, tokens: tokensMax });
    isUnbounded ||= !isBounded({ bounds, scan, model });
  }
  return { calls, foundByRound: foundByRound(findings, request), isUnbounded, drawing };
}

/** Only a response states what its image tool used. */
function drawingOf({
  tool,
  bounds,
  uses,
  model: { id, provider },
  endpoint,
  at,
}: ToolRequest & { tool: string; bounds: ToolBounds; uses: number }): ToolUse["drawing"] {
  const usual = listedOf(tool, { provider })?.imageModel;
  if (usual === undefined) return null;
  if (endpoint !== "responses") throw unpriced(tool, id);
  const { model } = offeredModel(bounds.model ?? usual, at);
  const rates = model.kind === "image" && model.provider === provider && ratesAt({ model, at });
  if (!rates) throw unpriced(tool, id);
  return { model, rates, uses };
}

const twoDrawings = () =>
  new AppError("bad_request", "Send one image_generation tool: the response states one use only.", {
    param: "tools",
  });

const usesOf = ({ maxUses }: ToolBounds, { maxToolCalls }: Scan): number =>
  Math.min(maxUses ?? (maxToolCalls === null ? CALLS_HELD : Infinity), maxToolCalls ?? Infinity);

/** Whether the client or the provider bounds how often a tool is called. */
const isBounded = ({
  bounds,
  scan,
  model,
}: {
  bounds: ToolBounds;
  scan: Scan;
  model: Model;
}): boolean =>
  bounds.maxUses !== null ||
  scan.maxToolCalls !== null ||
  providerRecord(model.provider).usage.toolRoundsMax !== null;

/**
 * The most is read where the calls that find most come first, as many in the first round as leave one for each other round.
 */
function foundByRound(
  findings: { uses: number; tokens: number }[],
  { scan, model }: ToolRequest,
): number[] {
  const bound = scan.maxToolCalls ?? Infinity;
  const uses = Math.min(
    bound,
    findings.reduce((sum, tool) => sum + tool.uses, 0),
  );
  const roundsMax = providerRecord(model.provider).usage.toolRoundsMax ?? Infinity;
  const rounds = Math.min(uses, roundsMax, ROUNDS_MAX);
  const byCall = findings.toSorted((a, b) => b.tokens - a.tokens);
  const foundBy = (callCount: number) => {
    let [callsLeft, tokens] = [callCount, 0];
    for (const tool of byCall) {
      const callsTaken = Math.min(callsLeft, tool.uses);
      if (callsTaken > 0) tokens += callsTaken * tool.tokens;
      callsLeft -= callsTaken;
    }
    return tokens;
  };
  return Array.from({ length: rounds }, (_, round) => foundBy(uses - rounds + round + 1));
}

/** With more rounds than this every round but these few reads the full window. A larger bound is held for as this many. */
const ROUNDS_MAX = 10_000;

type ToolRequest = { scan: Scan; model: Model; endpoint: EndpointName; rates: Rates; at: Date };

const listedOf = (tool: string, { provider }: Pick<Model, "provider">) =>
  providerRecord(provider).tools.find(({ types }) => types.test(tool));

function callOf({
  tool,
  scan,
  model,
  endpoint,
  rates,
}: ToolRequest & { tool: string }): string | null {
  const providerTool = listedOf(tool, model);
  if (!providerTool || providerTool.unless?.(scan, model)) throw unpriced(tool, model.id);
  if (providerTool.charge === "tokens") return null;
  const name = providerTool.charge.find((unit) => rates.perCall?.[unit] !== undefined);
  const isCounted =
    !COUNTS_NO_CALLS.includes(endpoint) || model.callsPerResponse?.[name ?? ""] !== undefined;
  if (name === undefined || !isCounted) throw unpriced(tool, model.id);
  return name;
}

function unpriced(tool: string, modelId: string): AppError {
  const subject = /^\w{1,64}$/.test(tool) ? `The tool ${tool}` : "A tool of this type";
  return new AppError(
    "bad_request",
    `${subject} is not supported with ${modelId} at this endpoint: the provider charges for it by something that its response does not state. ${adviceFor(tool)}`,
    { param: "tools" },
  );
}

function adviceFor(tool: string): string {
  if (/image/.test(tool))
    return "Draw with POST /v1/images/generations, or with POST /v1/responses and a model of GET /v1/models.";
  if (/code_|shell|container/.test(tool)) return "Run the code yourself, behind a function tool.";
  if (/search|maps/i.test(tool))
    return "Search with a model and an endpoint that price it (POST /v1/responses with web_search), or behind your own function tool.";
  return "Offer it as your own function tool.";
}
