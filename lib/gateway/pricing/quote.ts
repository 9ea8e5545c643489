import { hasRisen } from "@/lib/catalog/price-rise";
import { catalogVersion, ratesAt } from "@/lib/catalog/queries";
import { NO_USAGE, type Model, type Rates, type Usage } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { providerRecord } from "@/lib/providers";
import type { Endpoint } from "../request/endpoints";
import { offeredModel } from "../request/offered-model";
import { wrongEndpoint } from "../request/wrong-endpoint";
import { maximumCost, plainCost } from "./maximum-cost";
import { tokenBounds, type TokenBounds } from "./maximum-input";
import { toolUseOf, withSearchPrice, type ToolUse } from "./provider-tools";
import { createServedPricing, type ServedFacts, type ServedPrice } from "./served";
import type { Scan } from "../body-scan";

export type Quote = {
  model: Model;
  rates: Rates;
  /** The catalog that the rates are of, with the time of the request. */
  catalogVersion: string;
  maxCost: number;
  expectedCost: number;
  /** The most tokens, input and output together. */
  maxTokens: number;
  /** Output tokens of one choice that `maxCost` counts; null where the output limit does not bound the cost. */
  outputMax: number | null;
  /** Whether a tool that the provider runs has no bound, so that the request may cost more. */
  isUnbounded: boolean;
  /** What the tools that the provider runs can do at most; null where there are none. */
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

/** What a response usually is at most, in tokens. */
const USUAL_OUTPUT = 8_192;
/** What a transcription is held for and what it usually is, by the second: 6 kbit/s, the least of Opus (RFC 6716), and 48. */
const SPEECH_BYTES = { least: 750, usual: 6_000 };

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
  const query = {
    endpoint: endpoint.name,
    serviceTier: scan.serviceTier ?? undefined,
    speed: scan.speed ?? undefined,
    inferenceGeo: scan.inferenceGeo ?? undefined,
    quality,
    resolution: scan.resolution,
  };
  // Fields by name rather than spreads, which cost microseconds with each request.
  const listedRatesFor = (pricedModel: Model, facts: ServedFacts) =>
    ratesAt({
      model: pricedModel,
      at,
      endpoint: query.endpoint,
      serviceTier: facts.serviceTier ?? query.serviceTier,
      speed: facts.speed ?? query.speed,
      inferenceGeo: facts.inferenceGeo ?? query.inferenceGeo,
      quality,
      resolution: query.resolution,
    });
  const ratesFor = (facts: ServedFacts) => {
    const pricedModel = facts.model ?? model;
    const rates = listedRatesFor(pricedModel, facts);
    return rates && withSearchPrice({ rates, scan, model: pricedModel });
  };
  const listedRates = listedRatesFor(model, {});
  if (!listedRates) throw unpriced(scan);
  const rates = withSearchPrice({ rates: listedRates, scan, model });
  const version = catalogVersion(at);
  const ratesServed = (serviceTier: string) => ratesFor({ serviceTier });
  const priceOfUsage = createServedPricing({ model, at, rates, ratesFor });
  if (endpoint.costless || model.kind === "moderation")
    return {
      model,
      rates,
      catalogVersion: version,
      maxCost: 0,
      expectedCost: 0,
      maxTokens: 0,
      outputMax: null,
      isUnbounded: false,
      tools: null,
      outputThatFits: () => 0,
      ratesServed,
      served: priceOfUsage,
      roseSince: () => false,
    };
  const tools = toolUseOf({ scan, model, endpoint: endpoint.name, rates, at });
  const agents = model.agents ?? 1;
  const outputPerChoice = mostOutput(scan, model, endpoint);
  const request = { scan, model, rates };
  const units = otherUnits({ scan, model, calls: tools.calls, bytesPerSecond: SPEECH_BYTES.least });
  const drawn = tools.drawing ? [mostDrawn(tools.drawing)] : [];
  const boundsFor = (output: number) => tokenBounds({ scan, model, tools, textTokens, output });
  const costOfBounds = ({ input, output }: TokenBounds) =>
    maximumCost(request, { input: input * agents, output: output * agents, units, drawn });
  const costFor = (output: number) => costOfBounds(boundsFor(output));
  const output = outputPerChoice * scan.choices;
  const bounds = boundsFor(output);
  const maxCost = costOfBounds(bounds);
  const usualCost = plainCost(rates, {
    input: Math.ceil(bounds.sent / 3),
    output: Math.min(output * agents, USUAL_OUTPUT),
    units: otherUnits({
      scan,
      model,
      calls: usualCalls(tools),
      bytesPerSecond: SPEECH_BYTES.usual,
    }),
    drawn: tools.drawing
      ? [mostDrawn({ ...tools.drawing, uses: Math.min(tools.drawing.uses, 1) })]
      : [],
  });
  return {
    model,
    rates,
    catalogVersion: version,
    ratesServed,
    served: priceOfUsage,
    maxCost: Math.max(1, maxCost),
    maxTokens: (bounds.input + bounds.output) * agents,
    expectedCost: Math.max(1, Math.min(maxCost, usualCost)),
    outputMax: output === 0 || !limitsReasoning(model, endpoint) ? null : outputPerChoice,
    isUnbounded: tools.isUnbounded,
    tools: tools.foundByRound.length > 0 ? tools : null,
    outputThatFits: (credits) =>
      limitsReasoning(model, endpoint) && rates.output > 0
        ? largestThat({
            max: outputPerChoice,
            fits: (limit) => costFor((limit + scan.predictedBytes) * scan.choices) <= credits,
          })
        : 0,
    roseSince: (since) =>
      hasRisen({ ...query, id: scan.model, rates: listedRates, since: new Date(since) }),
  };
}

/** The most that an image tool can use: all that its model can read and put out, each time. */
const mostDrawn = ({ model, rates, uses }: NonNullable<ToolUse["drawing"]>) => ({
  rates,
  usage: {
    ...NO_USAGE,
    inputImage: model.maxInput * uses,
    outputImage: model.maxOutput * uses,
  },
});

export const imagesSent = ({ media }: Pick<Scan, "media">): number =>
  media.filter(({ kind }) => kind === "image").length;

/** The largest number of tokens that fits; 0 where none does. */
function largestThat({ max, fits }: { max: number; fits(tokens: number): boolean }): number {
  let [low, high] = [0, max];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where the output limit bounds reasoning too. */
const limitsReasoning = (model: Model, { name }: Endpoint) =>
  !(
    model.reasoning &&
    name === "chat.completions" &&
    !providerRecord(model.provider).usage.chatLimitsReasoning
  ) && (model.agents ?? 1) === 1;

/**
 * The tokens of one choice at most, without compactions: the client's limit, and the model's, above which a limit is refused or
 * is a budget over several requests. Rejected tokens of a predicted output are billed in addition.
 */
function mostOutput(scan: Scan, model: Model, endpoint: Endpoint): number {
  if (model.kind === "embedding") return 0;
  const { maxOutput, maxOutputUnstreamed = maxOutput } = model;
  const limit = limitsReasoning(model, endpoint) ? scan.outputLimit : null;
  const modelMax = scan.stream ? maxOutput : maxOutputUnstreamed;
  return Math.max(1, Math.min(limit ?? Infinity, modelMax)) + scan.predictedBytes;
}

function unpriced({ serviceTier, speed, inferenceGeo, quality }: Scan): AppError {
  const param =
    (serviceTier && "service_tier") ||
    (speed && "speed") ||
    (inferenceGeo && "inference_geo") ||
    (quality ? "quality" : "resolution");
  return new AppError(
    "bad_request",
    "The catalog has no price for this model with this service_tier, speed, inference_geo, quality or resolution. Leave the field out.",
    { param },
  );
}

/** How often a model usually calls a tool that it may call many times. */
const USUAL_CALLS = 3;
function usualCalls({ calls }: ToolUse): ToolUse["calls"] {
  const usual: ToolUse["calls"] = {};
  for (const name in calls) usual[name] = Math.min(calls[name] ?? 0, USUAL_CALLS);
  return usual;
}

function otherUnits({
  scan,
  model,
  calls,
  bytesPerSecond,
}: {
  scan: Scan;
  model: Model;
  calls: ToolUse["calls"];
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
  if (Object.keys(calls).length > 0) units.calls = calls;
  return units;
}
