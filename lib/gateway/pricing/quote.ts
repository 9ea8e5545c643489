import { costOf } from "@/lib/catalog/cost";
import { hasRisen } from "@/lib/catalog/price-rise";
import { catalogVersion, ratesAt } from "@/lib/catalog/queries";
import type { Model, Rates, Usage } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { providerRecord } from "@/lib/providers";
import type { Endpoint } from "../request/endpoints";
import { offeredModel } from "../request/offered-model";
import { wrongEndpoint } from "../request/wrong-endpoint";
import { CALLS_HELD, chargedCalls, foundByCall, withPreviewPrice } from "./provider-tools";
import { billsBeyondWindow, pictureTokens } from "./image-tokens";
import type { Scan } from "../body-scan";

export type Quote = {
  model: Model;
  rates: Rates;
  /** The catalog that the rates are of, with the time of the request. */
  catalogVersion: string;
  worst: number;
  likely: number;
  /** The largest output limit with which the worst case would fit into so many nano-credits; 0 when none would. */
  outputThatFits(credits: number): number;
  /** The rates of another service tier than the one asked for, should the provider say that it served that. */
  ratesServed(serviceTier: string): Rates | null;
  /** Whether the price is above the one that was in force at an earlier time, in epoch milliseconds. */
  roseSince(since: number): boolean;
};

const LIKELY_OUTPUT = 8_192;
/** The most tokens that a provider's guide names for one image, over the four providers. */
const IMAGE_TOKENS_MAX = 6_000;
/** The sparsest usual speech encoding, 16 kbit/s, so that a file's size bounds its length. */
const AUDIO_BYTES_PER_SECOND = 2_000;
const AUDIO_TOKENS_PER_SECOND = 32;
/** What a transcription is held for and what it usually is, by the second: 6 kbit/s, the least of Opus (RFC 6716), and 48. */
const SPOKEN_BYTES = { least: 750, usual: 6_000 };
/** The most tokens that all texts of one request may be to be embedded. */
const EMBEDDED_TOKENS_MAX = 300_000;

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

/** Prices a request before it is sent: its worst case and its likely cost, with prices frozen at this instant. */
export function quoteCall({
  scan,
  endpoint,
  at,
}: {
  scan: Scan;
  endpoint: Endpoint;
  at: Date;
}): Quote {
  const { model, quality = scan.quality } = offeredModel(scan.model, at);
  const { paths } = providerRecord(model.provider);
  if (!model.endpoints.includes(endpoint.name) || paths[endpoint.name] === undefined)
    throw wrongEndpoint(model, endpoint);
  const asked = {
    serviceTier: scan.serviceTier ?? undefined,
    speed: scan.speed ?? undefined,
    inferenceGeo: scan.inferenceGeo ?? undefined,
    quality,
    resolution: scan.resolution,
  };
  const ratesServed = (serviceTier: string | undefined) => {
    const served = ratesAt({ ...asked, model, at, serviceTier });
    return served && withPreviewPrice({ rates: served, scan, model });
  };
  const rates = ratesServed(asked.serviceTier);
  if (!rates) {
    throw new AppError(
      "bad_request",
      "The catalogue has no price for this model with this service_tier, speed, inference_geo, quality or resolution: leave the field out.",
      { param: unpricedField(scan) },
    );
  }
  if (endpoint.costless || model.kind === "moderation")
    return {
      model,
      rates,
      catalogVersion: catalogVersion(at),
      worst: 0,
      likely: 0,
      outputThatFits: () => 0,
      ratesServed,
      roseSince: () => false,
    };
  const calls = chargedCalls({ scan, model, endpoint: endpoint.name, rates });
  const input = tokensIn(scan, model);
  const limit = limitsThought(model, endpoint) ? scan.outputLimit : null;
  const agents = model.agents ?? 1;
  const output =
    model.kind === "embedding"
      ? 0
      : Math.max(1, Math.min(limit ?? Infinity, mostOutput(model, scan)) * scan.choices * agents);
  const units = otherUnits({ scan, model, calls, bytesPerSecond: SPOKEN_BYTES.least });
  // The dearest way in (plain, or written to a cache) with the dearest way out (text or picture).
  const waysIn: WayIn[] = ["input", "cacheWrite5m", "cacheWrite1h"];
  if (rates.inputAudio && scan.media.length > 0) waysIn.push("inputAudio");
  if (rates.inputImage && scan.media.length > 0) waysIn.push("inputImage");
  if (rates.inputVideo && scan.media.length > 0) waysIn.push("inputVideo");
  const costWith = (from: WayIn, to: WayOut, read: number, written: number, beside = units) => {
    const usage = Object.assign(noUsage(), beside);
    usage[from] = read;
    usage[to] = written;
    return costOf({ rates, usage });
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
  const worst = worstWith(output);
  const usual = costWith(
    ...(["input", "output", Math.ceil(input.sent / 3), Math.min(output, LIKELY_OUTPUT)] as const),
    otherUnits({ scan, model, calls, bytesPerSecond: SPOKEN_BYTES.usual }),
  );
  return {
    model,
    rates,
    catalogVersion: catalogVersion(at),
    worst: Math.max(1, worst),
    outputThatFits: (credits) => {
      const inputAlone = worstWith(0);
      if (credits <= inputAlone || worst === inputAlone || !limitsThought(model, endpoint))
        return 0;
      return Math.floor(((credits - inputAlone) / (worst - inputAlone)) * (output / scan.choices));
    },
    likely: Math.max(1, Math.min(worst, usual)),
    ratesServed,
    roseSince: (since) => hasRisen({ ...asked, id: scan.model, rates, since: new Date(since) }),
  };
}

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

/** The tokens of what was sent, one a byte, and the most that can go in: what is packed, or put in at the provider, ends at the window. */
function tokensIn(scan: Scan, model: Model): { sent: number; most: number } {
  const { maxInput: context, kind: sells } = model;
  let [tokens, beyond] = [scan.textBytes, 0];
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
  // After each call of a tool of its own the provider reads all of it anew, with what was found.
  const found = foundByCall(scan, model);
  for (let call = 1; found > 0 && call <= CALLS_HELD; call++)
    most += (unbounded ? ceiling : Math.min(tokens + call * found, ceiling)) + beyond;
  return { sent, most };
}

function otherUnits({
  scan,
  model,
  calls,
  bytesPerSecond,
}: {
  scan: Scan;
  model: Model;
  calls: string[];
  bytesPerSecond: number;
}): Partial<Usage> {
  const units: Partial<Usage> = {};
  if (model.kind === "image") units.images = Math.max(1, scan.choices);
  if (model.kind === "speech") units.characters = scan.characters ?? scan.textBytes;
  if (model.kind === "transcription")
    units.milliseconds =
      Math.ceil(scan.media.reduce((sum, medium) => sum + medium.bytes, 0) / bytesPerSecond) * 1000;
  if (calls.length > 0) units.calls = Object.fromEntries(calls.map((name) => [name, CALLS_HELD]));
  return units;
}
