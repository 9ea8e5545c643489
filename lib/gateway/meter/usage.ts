import { totalInput } from "@/lib/catalog/cost";
import {
  NO_USAGE,
  type EndpointName,
  type Provider,
  type TokenCounts,
  type Usage,
} from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";

/** A usage object as a provider states it: any JSON. */
export type Stated = Record<string, unknown>;

type Told = { endpoint: EndpointName; provider: Provider };

/** Turns a provider's usage into disjoint counts; null where it counts nothing. An explicit zero is a count. */
export function normalise(stated: Stated, { endpoint, provider }: Told): Usage | null {
  switch (endpoint) {
    case "chat.completions":
      return "prompt_tokens" in stated || "completion_tokens" in stated
        ? fromChat(stated, provider)
        : null;
    case "responses":
    case "responses.compact":
      return "input_tokens" in stated || "output_tokens" in stated ? fromResponses(stated) : null;
    case "decisions":
      return "input_tokens" in stated
        ? { ...fromResponses(stated), output: 0, reasoning: 0 }
        : null;
    case "embeddings":
      return "prompt_tokens" in stated
        ? { ...NO_USAGE, input: count(stated, "prompt_tokens") }
        : null;
    case "images.generations":
    case "images.edits":
      return "output_tokens" in stated || "input_tokens" in stated ? fromImages(stated) : null;
    case "audio.transcriptions":
    case "audio.translations":
    case "stt":
      return fromTranscription(stated);
    case "audio.speech":
      return "input_tokens" in stated || "output_tokens" in stated
        ? {
            ...NO_USAGE,
            input: count(stated, "input_tokens"),
            output: count(stated, "output_tokens"),
          }
        : null;
    case "messages":
      return "input_tokens" in stated || "output_tokens" in stated ? fromMessages(stated) : null;
    case "gemini.generateContent":
    case "gemini.streamGenerateContent":
      return "promptTokenCount" in stated || "totalTokenCount" in stated
        ? fromGemini(stated)
        : null;
    case "gemini.embedContent":
    case "gemini.batchEmbedContents":
      return "promptTokenCount" in stated || "totalTokenCount" in stated
        ? fromEmbedding(stated)
        : null;
    case "gemini.interactions":
    case "gemini.decisions":
      return "total_input_tokens" in stated || "total_tokens" in stated
        ? fromInteraction(stated)
        : null;
    default:
      return null;
  }
}

/** Input counts the cached; completion counts audio; xAI leaves reasoning out of it, and Google leaves it in the total alone. */
function fromChat(stated: Stated, provider: Provider): Usage {
  const [into, out] = [
    object(stated, "prompt_tokens_details"),
    object(stated, "completion_tokens_details"),
  ];
  const prompt = count(stated, "prompt_tokens");
  const cached = Math.min(prompt, count(into, "cached_tokens"));
  const written = Math.min(prompt - cached, count(into, "cache_write_tokens"));
  const inputAudio = Math.min(prompt - cached - written, count(into, "audio_tokens"));
  const reasoning = count(out, "reasoning_tokens");
  const stateds = count(stated, "completion_tokens");
  const { chatReasoning, countsLiveSearch } = providerRecord(provider).usage;
  const completion = {
    "in completion": stateds,
    separate: stateds + (isReasoningIncluded(stated) ? 0 : reasoning),
    "in total": Math.max(stateds, count(stated, "total_tokens") - prompt),
  }[chatReasoning];
  const outputAudio = Math.min(completion, count(out, "audio_tokens"));
  return withExtras({
    input: prompt - cached - written - inputAudio,
    cacheRead: cached,
    ...cacheWritesOf(into, written),
    output: completion - outputAudio,
    reasoning: chatReasoning === "in total" ? completion - stateds : reasoning,
    inputAudio,
    outputAudio,
    calls: { liveSearchSources: countsLiveSearch ? count(stated, "num_sources_used") : 0 },
  });
}

/** xAI leaves reasoning out of the completion, unless the total shows that nothing is added to it. */
function isReasoningIncluded(stated: Stated): boolean {
  const [prompt, completion] = [count(stated, "prompt_tokens"), count(stated, "completion_tokens")];
  const reasoning = count(object(stated, "completion_tokens_details"), "reasoning_tokens");
  return reasoning <= completion && count(stated, "total_tokens") === prompt + completion;
}

const LIFETIMES = "cache_write_tokens_details";

/** What OpenAI wrote to its cache, by lifetime where the usage says so: all of it is short otherwise. */
function cacheWritesOf(details: Stated, written: number) {
  const long = Math.min(written, count(object(details, LIFETIMES), "ttl_12h_tokens"));
  return { cacheWrite5m: written - long, cacheWrite1h: long };
}

/** Whether OpenAI's usage distinguishes the lifetimes of what was written to the cache. */
export const statesCacheLifetimes = (stated: Stated): boolean =>
  ["prompt_tokens_details", "input_tokens_details"].some((name) =>
    isStated(object(stated, name)[LIFETIMES]),
  );

/** Input counts the cached, output the reasoning, at xAI too. */
function fromResponses(stated: Stated): Usage {
  const into = object(stated, "input_tokens_details");
  const input = count(stated, "input_tokens");
  const cached = Math.min(input, count(into, "cached_tokens"));
  const written = Math.min(input - cached, count(into, "cache_write_tokens"));
  const tools = object(stated, "server_side_tool_usage_details");
  return withExtras({
    ...{
      input: input - cached - written,
      cacheRead: cached,
      ...cacheWritesOf(into, written),
    },
    ...{
      output: count(stated, "output_tokens"),
      reasoning: count(object(stated, "output_tokens_details"), "reasoning_tokens"),
    },
    calls: {
      webSearch: count(tools, "web_search_calls"),
      xSearch: count(tools, "x_search_calls"),
      codeExecution: count(tools, "code_interpreter_calls"),
      attachmentSearch: count(tools, "document_search_calls"),
      collectionsSearch: count(tools, "file_search_calls"),
    },
  });
}

/** What an image model puts out is image tokens, unless it says that some were text. */
function fromImages(stated: Stated): Usage {
  const [into, out] = [
    object(stated, "input_tokens_details"),
    object(stated, "output_tokens_details"),
  ];
  const [input, output] = [count(stated, "input_tokens"), count(stated, "output_tokens")];
  const inputImage = Math.min(input, count(into, "image_tokens"));
  const cacheRead = Math.min(input - inputImage, count(into, "cached_tokens"));
  const text = Math.min(output, count(out, "text_tokens"));
  return withExtras({
    ...NO_USAGE,
    input: input - inputImage - cacheRead,
    cacheRead,
    inputImage,
    output: text,
    outputImage: output - text,
  });
}

function fromTranscription(stated: Stated): Usage | null {
  if (typeof stated.seconds === "number")
    return { ...NO_USAGE, milliseconds: milliseconds(stated.seconds) };
  if (!("input_tokens" in stated) && !("output_tokens" in stated)) return null;
  const into =
    "input_token_details" in stated
      ? object(stated, "input_token_details")
      : object(stated, "input_tokens_details");
  const input = count(stated, "input_tokens");
  const inputAudio = "audio_tokens" in into ? Math.min(input, count(into, "audio_tokens")) : input;
  return withExtras({
    ...NO_USAGE,
    input: input - inputAudio,
    inputAudio,
    output: count(stated, "output_tokens"),
  });
}

/**
 * Input leaves the cached out. What ran on the way is counted in `iterations` alone: a compaction, and whatever another model
 * did, by that model's own rates. With a redeemed fallback credit, Anthropic bills what was written to the cache as read.
 */
function fromMessages(stated: Stated): Usage {
  const iterations = list(stated, "iterations");
  const compactions = iterations.filter(({ type }) => type === "compaction").map(roundOf);
  const messages = iterations.filter(({ type }) => type === "message").map(roundOf);
  const whole = roundOf(stated);
  const sum = total(messages);
  const addUp = totalInput(sum) === totalInput(whole) && sum.output === whole.output;
  const byModel = iterations.flatMap((iteration) => {
    const { type, model } = iteration;
    const isOwn = type === "message" || type === "compaction" || typeof model !== "string";
    return isOwn ? [] : [{ ...roundOf(iteration), model }];
  });
  const usage = withExtras({
    ...total([whole, ...compactions]),
    calls: { webSearch: count(object(stated, "server_tool_use"), "web_search_requests") },
    ...textFacts({
      serviceTier: stated.service_tier,
      speed: stated.speed,
      inferenceGeo: stated.inference_geo,
    }),
    ...(addUp ? { rounds: [...messages, ...compactions] } : {}),
    ...(byModel.length > 0 ? { byModel } : {}),
  });
  const { type: credit } = object(object(stated, "fallback_credit"), "status");
  return credit === "redeemed" ? withWritesAsReads(usage) : usage;
}

/** The facts that are stated as text. */
const textFacts = (facts: Record<"serviceTier" | "speed" | "inferenceGeo", unknown>) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => typeof value === "string"));

function withWritesAsReads(usage: Usage): Usage {
  const asRead = <T extends TokenCounts>(tokens: T): T => ({
    ...tokens,
    cacheRead: tokens.cacheRead + tokens.cacheWrite5m + tokens.cacheWrite1h,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
  });
  return { ...asRead(usage), ...(usage.rounds ? { rounds: usage.rounds.map(asRead) } : {}) };
}

function roundOf(stated: Stated): Usage {
  const created = object(stated, "cache_creation");
  const long = count(created, "ephemeral_1h_input_tokens");
  return {
    input: count(stated, "input_tokens"),
    cacheRead: count(stated, "cache_read_input_tokens"),
    cacheWrite1h: long,
    cacheWrite5m: Math.max(
      count(created, "ephemeral_5m_input_tokens"),
      count(stated, "cache_creation_input_tokens") - long,
    ),
    output: count(stated, "output_tokens"),
    reasoning: count(object(stated, "output_tokens_details"), "thinking_tokens"),
  };
}

function total(rounds: Usage[]): Usage {
  const sum = { ...NO_USAGE };
  for (const round of rounds) for (const name of TOKENS) sum[name] += round[name];
  return sum;
}

/** The prompt counts the cached, not what tools put in; candidates leave thoughts out. */
function fromGemini(stated: Stated): Usage {
  const prompt = count(stated, "promptTokenCount");
  const tools = count(stated, "toolUsePromptTokenCount");
  const thoughts = count(stated, "thoughtsTokenCount");
  const rest = Math.max(0, count(stated, "totalTokenCount") - prompt - tools - thoughts);
  const candidates =
    "candidatesTokenCount" in stated ? count(stated, "candidatesTokenCount") : rest;
  const cached = Math.min(prompt, count(stated, "cachedContentTokenCount"));
  const cacheReadAudio = Math.min(cached, modality(stated, "cacheTokensDetails", "AUDIO"));
  const audio =
    modality(stated, "promptTokensDetails", "AUDIO") +
    modality(stated, "toolUsePromptTokensDetails", "AUDIO");
  const inputAudio = Math.min(prompt + tools - cached, Math.max(0, audio - cacheReadAudio));
  const outputImage = Math.min(candidates, modality(stated, "candidatesTokensDetails", "IMAGE"));
  const outputAudio = Math.min(
    candidates - outputImage,
    modality(stated, "candidatesTokensDetails", "AUDIO"),
  );
  return withExtras({
    ...{ input: prompt + tools - cached - inputAudio, cacheRead: cached - cacheReadAudio },
    ...{ cacheWrite5m: 0, cacheWrite1h: 0 },
    ...{ output: candidates - outputImage - outputAudio + thoughts, reasoning: thoughts },
    ...{ inputAudio, cacheReadAudio, outputImage, outputAudio },
  });
}

/** The same counts by the names of Google's interactions, with the calls of its search. */
function fromInteraction(stated: Stated): Usage {
  const modalities = (key: string) =>
    list(stated, key).map(({ modality: name, tokens }) => ({
      modality: String(name).toUpperCase(),
      tokenCount: tokens,
    }));
  const usage = fromGemini({
    promptTokenCount: stated.total_input_tokens,
    cachedContentTokenCount: stated.total_cached_tokens,
    toolUsePromptTokenCount: stated.total_tool_use_tokens,
    thoughtsTokenCount: stated.total_thought_tokens,
    totalTokenCount: stated.total_tokens,
    ...("total_output_tokens" in stated
      ? { candidatesTokenCount: stated.total_output_tokens }
      : {}),
    promptTokensDetails: modalities("input_tokens_by_modality"),
    cacheTokensDetails: modalities("cached_tokens_by_modality"),
    toolUsePromptTokensDetails: modalities("tool_use_tokens_by_modality"),
    candidatesTokensDetails: modalities("output_tokens_by_modality"),
  });
  const searches = list(stated, "grounding_tool_count")
    .filter(({ type }) => type === "google_search")
    .reduce((sum, each) => sum + count(each, "count"), 0);
  if (searches > 0) usage.calls = { webSearch: searches, groundedPrompt: 1 };
  return usage;
}

/** What is embedded is priced by its kind: https://ai.google.dev/gemini-api/docs/pricing (Gemini Embedding 2). */
function fromEmbedding(stated: Stated): Usage {
  const usage = fromGemini(stated);
  const inputImage = Math.min(usage.input, modality(stated, "promptTokensDetails", "IMAGE"));
  const inputVideo = Math.min(
    usage.input - inputImage,
    modality(stated, "promptTokensDetails", "VIDEO"),
  );
  return withExtras({
    ...usage,
    input: usage.input - inputImage - inputVideo,
    inputImage,
    inputVideo,
  });
}

/** Later figures replace earlier ones field by field; a field that is missing or null keeps what it had. */
export function merge(earlier: Stated, later: Stated): Stated {
  return {
    ...earlier,
    ...Object.fromEntries(
      Object.entries(later).filter(([, value]) => value !== null && value !== undefined),
    ),
  };
}

export const milliseconds = (seconds: number): number =>
  Number.isFinite(seconds) && seconds > 0 ? Math.ceil(Number((seconds * 1000).toFixed(3))) : 0;

const TOKENS = [
  "input",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "output",
  "reasoning",
] as const;

const EXTRAS = [
  "inputAudio",
  "outputAudio",
  "inputImage",
  "outputImage",
  "inputVideo",
  "cacheReadAudio",
  "cacheReadImage",
  "images",
  "inputImages",
  "milliseconds",
  "characters",
] as const;

/** Drops optional counts that are zero. */
export function withExtras(usage: Usage): Usage {
  const {
    input,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    output,
    reasoning,
    calls,
    rounds,
    byModel,
  } = usage;
  const kept: Usage = { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning };
  for (const name of EXTRAS) {
    const value = usage[name];
    if (value) kept[name] = value;
  }
  for (const name of ["serviceTier", "speed", "inferenceGeo", "model"] as const) {
    const value = usage[name];
    if (value !== undefined) kept[name] = value;
  }
  if (byModel !== undefined) kept.byModel = byModel;
  if (rounds !== undefined && rounds.length > 1) kept.rounds = rounds;
  for (const name in calls) {
    const times = calls[name] ?? 0;
    if (times > 0) (kept.calls ??= {})[name] = times;
  }
  return kept;
}

export function count(stated: Stated, key: string): number {
  const value = stated[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

export function object(stated: Stated, key: string): Stated {
  const value = stated[key];
  return isStated(value) ? value : {};
}

function list(stated: Stated, key: string): Stated[] {
  const value = stated[key];
  return Array.isArray(value) ? value.filter(isStated) : [];
}

/** Google's numbers of modalities, which `enum-encoding=int` states: google/ai/generativelanguage/v1beta/content.proto. */
const MODALITY_NUMBERS: Record<string, number> = { TEXT: 1, IMAGE: 2, VIDEO: 3, AUDIO: 4 };

const modality = (stated: Stated, key: string, name: string): number =>
  list(stated, key).reduce((sum, each) => {
    const isNamed = each.modality === name || each.modality === MODALITY_NUMBERS[name];
    return sum + (isNamed ? count(each, "tokenCount") : 0);
  }, 0);

export const isStated = (value: unknown): value is Stated =>
  typeof value === "object" && value !== null && !Array.isArray(value);
