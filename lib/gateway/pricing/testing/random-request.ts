import fc from "fast-check";
import { isOffered, listKnownModels, resolveModel } from "@/lib/catalog/queries";
import type { EndpointName, Model } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";

/** The day on which every request of the property tests is made. */
export const REQUESTED_AT = new Date("2026-11-24T12:00:00Z");

/** Tools by what they do; each provider has its own names for them. */
export const TOOL_KINDS = ["function", "search", "fetch", "server", "code", "computer"] as const;
export interface PlannedTool {
  kind: (typeof TOOL_KINDS)[number];
  /** Anthropic's bounds. */
  maxUses: number | null;
  maxContentTokens: number | null;
}

export interface PlannedMedium {
  kind: "image" | "audio" | "document" | "video";
  isUrl: boolean;
  bytes: number;
  /** Pixels that an image's header states; 0 for a header that states none. */
  width: number;
  height: number;
  detail: "low" | "high" | "auto";
}

/** A request before it is written in a dialect. What a dialect has no field for is left out of its body. */
export interface RequestPlan {
  model: Model;
  endpoint: EndpointName;
  text: string;
  limit: number | null;
  choices: number;
  isStreamed: boolean;
  media: PlannedMedium[];
  tools: PlannedTool[];
  maxToolCalls: number | null;
  tier: string | null;
  speed: string | null;
  geo: string | null;
  caching: "none" | "short" | "long";
  /** The provider may summarize what it reads and go on. */
  isCompacting: boolean;
  /** It continues a stored response, whose turns the request does not contain. */
  isContinued: boolean;
  /** A predicted output, whose rejected tokens are billed as output. */
  prediction: string | null;
}

const COSTLESS = /moderations|input_tokens|count_tokens|countTokens/;
/** Endpoints whose requests are tested one by one instead: lib/gateway/request/newer-endpoints.test.ts. */
const TESTED_APART = /decisions|interactions|translations|^tts$|^stt$/;
/** xAI's image edits are JSON, which is tested there too. */
const isTestedApart = (name: string, provider: string) =>
  TESTED_APART.test(name) || (name === "images.edits" && provider === "xai");
/** Each model with each endpoint that its provider serves it at. */
const TARGETS = listKnownModels(REQUESTED_AT).flatMap((model) => {
  const resolution = resolveModel(model.id, REQUESTED_AT);
  if (!isOffered(model, REQUESTED_AT) || resolution.kind !== "offered") return [];
  return model.endpoints
    .filter(
      (name) =>
        providerRecord(model.provider).paths[name] &&
        !COSTLESS.test(name) &&
        !isTestedApart(name, model.provider),
    )
    .map((endpoint) => ({ model, endpoint }));
});

const share = fc.oneof(fc.constant(1), fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true }));
const text = fc
  .record({
    text: fc.string({ maxLength: 120, unit: "grapheme" }),
    times: fc.oneof(
      { arbitrary: fc.constant(1), weight: 12 },
      { arbitrary: fc.integer({ min: 2, max: 40 }), weight: 4 },
      { arbitrary: fc.integer({ min: 800, max: 3_000 }), weight: 1 },
    ),
  })
  .map(({ text: piece, times }) => piece.repeat(times));

const medium: fc.Arbitrary<PlannedMedium> = fc.record({
  kind: fc.oneof(
    { arbitrary: fc.constant("image" as const), weight: 5 },
    {
      arbitrary: fc.constantFrom("audio" as const, "document" as const, "video" as const),
      weight: 1,
    },
  ),
  isUrl: fc.boolean(),
  bytes: fc.integer({ min: 30, max: 900 }),
  width: fc.integer({ min: 0, max: 9_000 }),
  height: fc.integer({ min: 0, max: 9_000 }),
  detail: fc.constantFrom("low", "high", "auto"),
});

const isAccepted = ({ modalities, kind }: Model, medium: PlannedMedium): boolean =>
  medium.kind === "document"
    ? kind === "text" && modalities.input.includes("image")
    : modalities.input.includes(medium.kind);
/** Media that a model reads; a transcription has one file. */
const mediaOf = (model: Model): fc.Arbitrary<PlannedMedium[]> =>
  model.kind === "transcription"
    ? medium.map((file) => [{ ...file, kind: "audio" }])
    : fc
        .oneof(
          { arbitrary: fc.constant<PlannedMedium[]>([]), weight: 2 },
          { arbitrary: fc.array(medium, { maxLength: 3 }), weight: 1 },
        )
        .map((media) => media.filter((part) => isAccepted(model, part)));

const tool: fc.Arbitrary<PlannedTool> = fc.record({
  kind: fc.constantFrom(...TOOL_KINDS),
  maxUses: fc.option(fc.integer({ min: 0, max: 80 }), { freq: 3 }),
  maxContentTokens: fc.option(fc.integer({ min: 0, max: 200_000 })),
});

/** Requests of every dialect, endpoint and kind, made without the code that prices them. */
export const requestPlans: fc.Arbitrary<RequestPlan> = fc
  .constantFrom(...TARGETS)
  .chain(({ model, endpoint }) => {
    const prices = model.prices.at(-1);
    const tiers = Object.keys(prices?.serviceTiers ?? {});
    const optionalValue = (values: string[]) =>
      values.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...values), { freq: 2 });
    const hasTools = model.kind === "text";
    return fc.record({
      model: fc.constant(model),
      endpoint: fc.constant(endpoint),
      text,
      limit: fc.option(fc.integer({ min: 1, max: 300_000 }), { freq: 4 }),
      choices: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8 })),
      isStreamed: fc.boolean(),
      media: mediaOf(model),
      tools: hasTools ? fc.array(tool, { maxLength: 3 }) : fc.constant<PlannedTool[]>([]),
      maxToolCalls: fc.option(fc.integer({ min: 0, max: 80 }), { freq: 3 }),
      tier: optionalValue(tiers),
      speed: optionalValue(Object.keys(model.speeds ?? {})),
      geo: optionalValue(Object.keys(model.geos ?? {})),
      caching: fc.constantFrom("none", "short", "long"),
      isCompacting: fc.boolean(),
      isContinued: fc.oneof(
        { arbitrary: fc.constant(false), weight: 8 },
        { arbitrary: fc.constant(true), weight: 1 },
      ),
      prediction: fc.option(text, { freq: 1 }),
    });
  });

/** What an adversary takes of what it may use, each from 0 to 1. */
export const adversaryShares = fc.record({
  input: share,
  output: share,
  calls: share,
  foundFirst: share,
  writtenFirst: share,
  cached: fc.constantFrom("plain", "read", "written", "mixed"),
  compactions: share,
  served: fc.constantFrom("asked", "usual", "dearer", "other model", "unknown model"),
});
export type AdversaryShares = typeof adversaryShares extends fc.Arbitrary<infer T> ? T : never;
