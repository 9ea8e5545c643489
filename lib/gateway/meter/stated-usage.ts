import { NO_USAGE, type EndpointName, type Provider, type Usage } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import { COSTLESS } from "./paths";
import { isStated, merge, milliseconds, withExtras, type StatedFields } from "./stated-fields";
import { normalise } from "./usage";
import { statesCacheLifetimes } from "./usage-openai";

const QUERIES_MAX = 2_000;
const MODEL_ID_MAX = 128;
const TIER_MAX = 32;
/** 10,000,000,000 ticks are a dollar: https://docs.x.ai/developers/cost-tracking */
const TICKS_PER_NANO = 10;

/** What a response states about its usage, in its usage object and around it. */
export type StatedUsage = {
  /** A value that was picked; false where it is of no use here. */
  take(name: string, value: unknown): boolean;
  addImage(): void;
  /** Figures were stated that could not be kept, so that the rest of them is not the usage. */
  discard(): void;
  /** The usage that was stated; null where none was. `calls` are those that the response has shown. */
  usage(shown: { calls(): Record<string, number>; bytes: number }): Usage | null;
  /** What the provider said of its input before it stopped, where that is all it said. */
  partial(): Usage | null;
  isStated(): boolean;
  serviceTier(): string | null;
};

export function createStatedUsage({
  endpoint,
  provider,
  characters,
  longCache,
}: {
  endpoint: EndpointName;
  provider: Provider;
  characters: number | undefined;
  longCache: boolean | undefined;
}): StatedUsage {
  const record = providerRecord(provider);
  let fields: StatedFields | null = null;
  let isComplete = false;
  let isDiscarded = false;
  let serviceTier: string | null = null;
  let servedModel: string | null = null;
  /** How many searches OpenAI says that it bills, which may be fewer than those shown. */
  let searches: number | null = null;
  /** Made when the first comes: most responses have none. */
  let queries: Set<string> | null = null;
  let images = 0;
  let seconds = 0;

  /** The last figures win; Anthropic's come field by field, and its message_start only knows the input. */
  const takeUsage = (value: unknown, isTotal: boolean) => {
    if (!isStated(value)) return;
    fields = fields && endpoint === "messages" ? merge(fields, value) : value;
    isComplete ||= isTotal;
  };

  /** Google bills each query once, and no empty one: https://ai.google.dev/gemini-api/docs/google-search#pricing */
  const takeQueries = (kind: string, value: unknown) => {
    if (!Array.isArray(value)) return;
    queries ??= new Set();
    for (const query of value)
      if (typeof query === "string" && query !== "" && queries.size < QUERIES_MAX)
        queries.add(`${kind} ${query}`);
  };

  const take = (name: string, value: unknown): boolean => {
    switch (name) {
      case "usage":
        takeUsage(value, true);
        return true;
      case "startUsage":
        takeUsage(value, false);
        return true;
      case "serviceTier":
        if (typeof value === "string") serviceTier = value.slice(0, TIER_MAX);
        return true;
      case "model":
        if (typeof value === "string" && value.length <= MODEL_ID_MAX) servedModel = value;
        return true;
      case "searches":
        if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)
          searches = value;
        return true;
      case "queries":
      case "imageQueries":
        takeQueries(name, value);
        return true;
      case "duration":
        seconds = Number(value) || 0;
        return true;
      default:
        return false;
    }
  };

  /** Figures that a response shows without stating a usage: counted images, a duration, the characters of a speech request. */
  const unstatedUsage = (bytes: number): Usage | null => {
    if (endpoint === "audio.speech" && characters !== undefined && bytes > 0)
      return { ...NO_USAGE, characters };
    if (endpoint === "audio.transcriptions" && seconds > 0)
      return { ...NO_USAGE, milliseconds: milliseconds(seconds) };
    if (endpoint.startsWith("images.") && record.usage.imagesByPiece && images > 0)
      return { ...NO_USAGE };
    return null;
  };

  /** Adds what is stated outside of the usage object to `usage`, which is this call's own. */
  const withFacts = (usage: Usage, shownCalls: () => Record<string, number>): Usage => {
    const calls = usage.calls ?? {};
    // OpenAI's usage counts no calls; newer responses state next to it how many searches are billed.
    if (record.usage.callsAreShown) Object.assign(calls, shownCalls());
    if (record.usage.callsAreShown && searches !== null) calls.webSearch = searches;
    if (queries?.size) Object.assign(calls, { webSearch: queries.size, groundedPrompt: 1 });
    usage.calls = calls;
    if (longCache && fields !== null && !statesCacheLifetimes(fields)) {
      usage.cacheWrite1h += usage.cacheWrite5m;
      usage.cacheWrite5m = 0;
    }
    if (endpoint.startsWith("images.")) usage.images = images;
    if (endpoint === "audio.speech" && characters !== undefined) usage.characters = characters;
    if (serviceTier !== null) usage.serviceTier = serviceTier;
    if (servedModel !== null) usage.model = servedModel;
    const completeUsage = withExtras(usage);
    const ticks = record.costReport === "in_responses" ? fields?.cost_in_usd_ticks : undefined;
    if (typeof ticks === "number" && Number.isSafeInteger(ticks) && ticks >= 0)
      completeUsage.statedCost = Math.ceil(ticks / TICKS_PER_NANO);
    return completeUsage;
  };

  return {
    take,
    addImage: () => void images++,
    discard: () => {
      isDiscarded = true;
    },
    usage({ calls, bytes }) {
      if (COSTLESS.has(endpoint)) return { ...NO_USAGE };
      if (isDiscarded) return null;
      const usage = fields && isComplete ? normalise(fields, { endpoint, provider }) : null;
      const readUsage = usage ?? unstatedUsage(bytes);
      return readUsage ? withFacts(readUsage, calls) : null;
    },
    partial: () =>
      fields && !isComplete && !isDiscarded
        ? normalise({ ...fields, iterations: [] }, { endpoint, provider })
        : null,
    isStated: () => fields !== null,
    serviceTier: () => serviceTier,
  };
}
