import { costOfParts } from "@/lib/catalog/cost";
import { hasRisen } from "@/lib/catalog/price-rise";
import { catalogVersion, ratesAt } from "@/lib/catalog/queries";
import type { Model, Rates, Usage } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { providerRecord } from "@/lib/providers";
import type { Endpoint } from "../request/endpoints";
import { offeredModel } from "../request/offered-model";
import { wrongEndpoint } from "../request/wrong-endpoint";
import { maximumInput } from "./maximum-input";
import { toolUseOf, withPreviewPrice, type ToolUse } from "./provider-tools";
import { priceServed, type ServedFacts, type ServedPrice } from "./served";
import type { Scan } from "../body-scan";

export type Quote = {
  model: Model;
  rates: Rates;
  /** The catalog that the rates are of, with the time of the request. */
  catalogVersion: string;
  maxCost: number;
  expectedCost: number;
  /** Whether a tool that the provider runs has no bound, so that the request may cost more. */
  isUnbounded: boolean;
  /** What the provider's own tools can do at most; null where there are none. */
  tools: ToolUse | null;
  /** The largest output limit whose maximum cost would fit into so many nano-credits; 0 when none would. */
  outputThatFits(credits: number): number;
  /** The rates of another service tier than the one asked for. */
  ratesServed(serviceTier: string): Rates | null;
  /** The price of what the provider says it served. */
  served(usage: Usage): ServedPrice;
  /** Whether the price is above the one that was in force at an earlier time, in epoch milliseconds. */
  roseSince(since: number): boolean;
};

const LIKELY_OUTPUT = 8_192;
/** What a transcription is held for and what it usually is, by the second: 6 kbit/s, the least of Opus (RFC 6716), and 48. */
const SPOKEN_BYTES = { least: 750, usual: 6_000 };

type WayIn = "input" | "cacheWrite5m" | "cacheWrite1h" | "inputAudio" | "inputImage" | "inputVideo";
type WayOut = "output" | "outputImage" | "outputAudio";
const WAYS_OUT = ["output", "outputImage", "outputAudio"] as const;
const noUsage = (): Usage => ({
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
});

/** Prices a request before it is sent: its maximum and its expected cost, with prices frozen at this instant. */
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
  const { model, quality = scan.quality } = offeredModel(scan.model, at);
  const { paths } = providerRecord(model.provider);
  if (!model.endpoints.includes(endpoint.name) || paths[endpoint.name] === undefined)
    throw wrongEndpoint(model, endpoint);
  const asked = {
    endpoint: endpoint.name,
    serviceTier: scan.serviceTier ?? undefined,
    speed: scan.speed ?? undefined,
    inferenceGeo: scan.inferenceGeo ?? undefined,
    quality,
    resolution: scan.resolution,
  };
  const ratesFor = (facts: ServedFacts) => {
    const pricedModel = facts.model ?? model;
    const served = ratesAt({
      model: pricedModel,
      at,
      endpoint: asked.endpoint,
      serviceTier: facts.serviceTier ?? asked.serviceTier,
      speed: facts.speed ?? asked.speed,
      inferenceGeo: facts.inferenceGeo ?? asked.inferenceGeo,
      quality: asked.quality,
      resolution: asked.resolution,
    });
    return served && withPreviewPrice({ rates: served, scan, model: pricedModel });
  };
  const rates = ratesFor({});
  if (!rates) {
    throw new AppError(
      "bad_request",
      "The catalogue has no price for this model with this service_tier, speed, inference_geo, quality or resolution: leave the field out.",
      { param: unpricedField(scan) },
    );
  }
  const ratesServed = (serviceTier: string) => ratesFor({ serviceTier });
  const served = (usage: Usage) => priceServed({ model, at, rates, ratesFor }, usage);
  if (endpoint.costless || model.kind === "moderation")
    return {
      model,
      rates,
      catalogVersion: catalogVersion(at),
      maxCost: 0,
      expectedCost: 0,
      isUnbounded: false,
      tools: null,
      outputThatFits: () => 0,
      ratesServed,
      served,
      roseSince: () => false,
    };
  const tools = toolUseOf({ scan, model, endpoint: endpoint.name, rates, at });
  const input = maximumInput({ scan, model, tools, textTokens });
  const limit = limitsThought(model, endpoint) ? scan.outputLimit : null;
  const agents = model.agents ?? 1;
  const output =
    model.kind === "embedding"
      ? 0
      : Math.max(1, Math.min(limit ?? Infinity, mostOutput(model, scan)) * scan.choices * agents);
  const units = otherUnits({ scan, model, tools, bytesPerSecond: SPOKEN_BYTES.least });
  const drawnAtMost = tools.drawing ? [drawnBy(tools.drawing)] : [];
  // The dearest way in (plain, or written to a cache) with the dearest way out (text or picture).
  const waysIn: WayIn[] = ["input", ...cacheWrites(scan, model)];
  if (rates.inputAudio && scan.media.length > 0) waysIn.push("inputAudio");
  if (rates.inputImage && scan.media.length > 0) waysIn.push("inputImage");
  if (rates.inputVideo && scan.media.length > 0) waysIn.push("inputVideo");
  const costWith = (
    from: WayIn,
    to: WayOut,
    read: number,
    written: number,
    beside = units,
    drawn = drawnAtMost,
  ) => {
    const usage = Object.assign(noUsage(), beside);
    usage[from] = read;
    usage[to] = written;
    return costOfParts([{ rates, usage }, ...drawn]);
  };
  const worstWith = (tokens: number) => {
    let most = 0;
    for (const from of waysIn) {
      for (const to of WAYS_OUT)
        if (to === "output" || rates[to])
          most = Math.max(most, costWith(from, to, input.most * agents, tokens));
    }
    return most;
  };
  const maxCost = worstWith(output);
  const usual = costWith(
    ...(["input", "output", Math.ceil(input.sent / 3), Math.min(output, LIKELY_OUTPUT)] as const),
    otherUnits({
      ...{ scan, model, bytesPerSecond: SPOKEN_BYTES.usual },
      tools: { ...tools, calls: usualCalls(tools) },
    }),
    tools.drawing ? [drawnBy({ ...tools.drawing, uses: Math.min(tools.drawing.uses, 1) })] : [],
  );
  return {
    model,
    rates,
    catalogVersion: catalogVersion(at),
    maxCost: Math.max(1, maxCost),
    outputThatFits: (credits) => {
      const inputAlone = worstWith(0);
      if (credits <= inputAlone || maxCost === inputAlone || !limitsThought(model, endpoint))
        return 0;
      return Math.floor(
        ((credits - inputAlone) / (maxCost - inputAlone)) * (output / scan.choices),
      );
    },
    expectedCost: Math.max(1, Math.min(maxCost, usual)),
    isUnbounded: tools.isUnbounded,
    tools: tools.foundByRound.length > 0 ? tools : null,
    ratesServed,
    served,
    roseSince: (since) => hasRisen({ ...asked, id: scan.model, rates, since: new Date(since) }),
  };
}

/** The most that an image tool can use: all that its model can read and put out, each time. */
const drawnBy = ({ model, rates, uses }: NonNullable<ToolUse["drawing"]>) => ({
  rates,
  usage: {
    ...noUsage(),
    inputImage: model.maxInput * uses,
    outputImage: model.maxOutput * uses,
  },
});

/** Where the output limit bounds reasoning too. */
const limitsThought = (model: Model, { name }: Endpoint) =>
  !(
    model.reasoning &&
    name === "chat.completions" &&
    !providerRecord(model.provider).usage.chatLimitsReasoning
  ) && (model.agents ?? 1) === 1;

/** The tokens of one response at most: a larger limit is refused by the provider, or is a budget over several requests. */
const mostOutput = ({ maxOutput, maxOutputUnstreamed = maxOutput }: Model, { stream }: Scan) =>
  stream ? maxOutput : maxOutputUnstreamed;

function unpricedField({ serviceTier, speed, inferenceGeo, quality }: Scan): string {
  if (serviceTier) return "service_tier";
  if (speed) return "speed";
  if (inferenceGeo) return "inference_geo";
  return quality ? "quality" : "resolution";
}

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

export const imagesSent = ({ media }: Pick<Scan, "media">): number =>
  media.filter(({ kind }) => kind === "image").length;

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
  if (model.kind === "image") {
    units.images = Math.max(1, scan.choices);
    units.inputImages = imagesSent(scan);
  }
  if (model.kind === "speech") units.characters = scan.characters ?? scan.textBytes;
  if (model.kind === "transcription")
    units.milliseconds =
      Math.ceil(scan.media.reduce((sum, medium) => sum + medium.bytes, 0) / bytesPerSecond) * 1000;
  if (Object.keys(tools.calls).length > 0) units.calls = tools.calls;
  return units;
}
