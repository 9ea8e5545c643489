import { costOf } from "@/lib/catalog/cost";
import { findModel, ratesAt } from "@/lib/catalog/queries";
import type { Model, Rates, Usage } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { providerRecord } from "@/lib/providers";
import type { Endpoint } from "../request/endpoints";
import { unknownModel } from "../request/suggest-models";
import { wrongEndpoint } from "../request/wrong-endpoint";
import { toolUseOf, type ToolUse } from "./provider-tools";
import { billsBeyondWindow, pictureTokens } from "./image-tokens";
import { priceServed, type ServedPrice } from "./served";
import type { Scan } from "../body-scan";

export type Quote = {
  model: Model;
  rates: Rates;
  worst: number;
  likely: number;
  /** Whether a tool that the provider runs has no bound, so that the request may cost more. */
  isUnbounded: boolean;
  /** What the provider's own tools can do at most; null where there are none. */
  tools: ToolUse | null;
  /** The largest output limit with which the worst case would fit into so many nano-credits; 0 when none would. */
  outputThatFits(credits: number): number;
  /** The price of what the provider says it served. */
  served(usage: Usage): ServedPrice;
};

const LIKELY_OUTPUT = 8_192;
/** Models that bill the tokens of several agents, the one that leads them too: https://docs.x.ai/developers/model-capabilities/text/multi-agent */
const AGENTS: Record<string, number> = { "grok-4.20-multi-agent-0309": 17 };
/** The most tokens that a provider's guide names for one image, over the four providers. */
const IMAGE_TOKENS_MAX = 6_000;
/** The sparsest usual speech encoding, 16 kbit/s, so that a file's size bounds its length. */
const AUDIO_BYTES_PER_SECOND = 2_000;
const AUDIO_TOKENS_PER_SECOND = 32;
/** What a transcription is held for and what it usually is, by the second: 6 kbit/s, the least of Opus (RFC 6716), and 48. */
const SPOKEN_BYTES = { least: 750, usual: 6_000 };
/** The most tokens that all texts of one request may be to be embedded. */
const EMBEDDED_TOKENS_MAX = 300_000;

type WayIn = "input" | "cacheWrite5m" | "cacheWrite1h" | "inputAudio" | "inputImage";
type WayOut = "output" | "outputImage";
const noUsage = (): Usage => ({
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
});

/** Prices a request before it is sent: its worst case and its likely cost, with prices frozen at this instant. */
export function quoteCall({
  scan,
  endpoint,
  at,
  textTokens = scan.textBytes,
}: {
  scan: Scan;
  endpoint: Endpoint;
  at: Date;
  /** The most tokens that the text of the request can be; one a byte where it was not counted. */
  textTokens?: number;
}): Quote {
  const model = findModel(scan.model);
  if (!model) throw unknownModel(scan.model);
  const { paths } = providerRecord(model.provider);
  if (!model.endpoints.includes(endpoint.name) || paths[endpoint.name] === undefined)
    throw wrongEndpoint(model, endpoint);
  const facts = {
    model,
    at,
    serviceTier: scan.serviceTier ?? undefined,
    speed: scan.speed ?? undefined,
    inferenceGeo: scan.inferenceGeo ?? undefined,
  };
  const rates = ratesAt(facts);
  if (!rates) {
    throw new AppError(
      "bad_request",
      "The catalogue has no price for this model with this service_tier, speed or inference_geo: leave the field out.",
      { param: scan.serviceTier ? "service_tier" : scan.speed ? "speed" : "inference_geo" },
    );
  }
  const served = (usage: Usage) => priceServed({ ...facts, rates }, usage);
  if (endpoint.costless || model.kind === "moderation")
    return {
      model,
      rates,
      worst: 0,
      likely: 0,
      isUnbounded: false,
      tools: null,
      outputThatFits: () => 0,
      served,
    };
  const tools = toolUseOf({ scan, model, endpoint: endpoint.name, rates });
  const input = tokensIn({ scan, model, tools, textTokens });
  const limit = limitsThought(model, endpoint) ? scan.outputLimit : null;
  const agents = AGENTS[model.id] ?? 1;
  const output =
    model.kind === "embedding"
      ? 0
      : Math.max(1, Math.min(limit ?? Infinity, model.maxOutput) * scan.choices * agents);
  const units = otherUnits({ scan, model, tools, bytesPerSecond: SPOKEN_BYTES.least });
  // The dearest way in (plain, or written to a cache) with the dearest way out (text or picture).
  const waysIn: WayIn[] = ["input", ...cacheWrites(scan, model)];
  if (rates.inputAudio && scan.media.length > 0) waysIn.push("inputAudio");
  if (rates.inputImage && scan.media.length > 0) waysIn.push("inputImage");
  const costWith = (from: WayIn, to: WayOut, read: number, written: number, beside = units) => {
    const usage = Object.assign(noUsage(), beside);
    usage[from] = read;
    usage[to] = written;
    return costOf({ rates, usage });
  };
  const worstWith = (tokens: number) => {
    let most = 0;
    for (const from of waysIn) {
      most = Math.max(most, costWith(from, "output", input.most * agents, tokens));
      if (rates.outputImage)
        most = Math.max(most, costWith(from, "outputImage", input.most * agents, tokens));
    }
    return most;
  };
  const worst = worstWith(output);
  const usual = costWith(
    ...(["input", "output", Math.ceil(input.sent / 3), Math.min(output, LIKELY_OUTPUT)] as const),
    otherUnits({
      ...{ scan, model, bytesPerSecond: SPOKEN_BYTES.usual },
      tools: { ...tools, calls: usualCalls(tools) },
    }),
  );
  return {
    model,
    rates,
    worst: Math.max(1, worst),
    outputThatFits: (credits) => {
      const inputAlone = worstWith(0);
      if (credits <= inputAlone || worst === inputAlone || !limitsThought(model, endpoint))
        return 0;
      return Math.floor(((credits - inputAlone) / (worst - inputAlone)) * (output / scan.choices));
    },
    likely: Math.max(1, Math.min(worst, usual)),
    isUnbounded: tools.isUnbounded,
    tools: tools.foundByRound.length > 0 ? tools : null,
    served,
  };
}

/** Where the output limit bounds reasoning too. */
const limitsThought = (model: Model, { name }: Endpoint) =>
  !(
    model.reasoning &&
    name === "chat.completions" &&
    !providerRecord(model.provider).usage.chatLimitsReasoning
  ) && !AGENTS[model.id];

/** How often a model usually calls a tool that it may call many times. */
const USUAL_CALLS = 3;
const usualCalls = ({ calls }: ToolUse): ToolUse["calls"] =>
  Object.fromEntries(
    Object.entries(calls).map(([name, most]) => [name, Math.min(most, USUAL_CALLS)]),
  );

/** How the prompt may be written to a cache. */
function cacheWrites(scan: Scan, model: Model): WayIn[] {
  if (!providerRecord(model.provider).usage.cachesUnmarked && !scan.cacheControl.isMarked)
    return [];
  return scan.longCache || scan.cacheControl.isLong
    ? ["cacheWrite5m", "cacheWrite1h"]
    : ["cacheWrite5m"];
}

/** The tokens of what was sent, and the most that can go in: what is packed, or put in at the provider, ends at the window. */
function tokensIn({
  scan,
  model,
  tools,
  textTokens,
}: {
  scan: Scan;
  model: Model;
  tools: ToolUse;
  textTokens: number;
}): { sent: number; most: number } {
  const { context, kind: sells } = model;
  let [tokens, beyond] = [textTokens, 0];
  let unbounded = scan.previousResponseId !== null || scan.itemReferences.length > 0;
  for (const medium of scan.media) {
    const { from, bytes } = medium;
    const kind = sells === "transcription" ? "audio" : medium.kind;
    if (from === "url" || kind === "video") tokens += context;
    else if (kind === "image") {
      const taken = pictureTokens(medium, { model, unknown: "most" }) ?? IMAGE_TOKENS_MAX;
      if (billsBeyondWindow(model)) beyond += taken;
      else tokens += taken;
    } else {
      // A page, or an hour of silence, may be a few bytes.
      unbounded = true;
      tokens +=
        kind === "audio"
          ? Math.ceil((bytes / AUDIO_BYTES_PER_SECOND) * AUDIO_TOKENS_PER_SECOND)
          : bytes;
    }
  }
  const ceiling = sells === "embedding" ? EMBEDDED_TOKENS_MAX : context;
  const sent = Math.min(tokens, ceiling) + beyond;
  let most = (unbounded ? ceiling : Math.min(tokens, ceiling)) + beyond;
  // After each round of its tools the provider reads all of it again, with what was found.
  for (const found of tools.foundByRound)
    most += (unbounded ? ceiling : Math.min(tokens + found, ceiling)) + beyond;
  return { sent, most };
}

function otherUnits({
  scan,
  model,
  tools,
  bytesPerSecond,
}: {
  scan: Scan;
  model: Model;
  tools: ToolUse;
  bytesPerSecond: number;
}): Partial<Usage> {
  const units: Partial<Usage> = {};
  if (model.kind === "image") units.images = Math.max(1, scan.choices);
  if (model.kind === "speech") units.characters = scan.characters ?? scan.textBytes;
  if (model.kind === "transcription")
    units.milliseconds =
      Math.ceil(scan.media.reduce((sum, medium) => sum + medium.bytes, 0) / bytesPerSecond) * 1000;
  if (Object.keys(tools.calls).length > 0) units.calls = tools.calls;
  return units;
}
