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
export type StatedFields = Record<string, unknown>;

type UsageDialect = { endpoint: EndpointName; provider: Provider };

/** Turns a provider's usage into disjoint counts; null where it counts nothing. An explicit zero is a count. */
export function normalise(
  fields: StatedFields,
  { endpoint, provider }: UsageDialect,
): Usage | null {
  switch (endpoint) {
    case "chat.completions":
      return "prompt_tokens" in fields || "completion_tokens" in fields
        ? fromChat(fields, provider)
        : null;
    case "responses":
    case "responses.compact":
      return "input_tokens" in fields || "output_tokens" in fields ? fromResponses(fields) : null;
    case "embeddings":
      return "prompt_tokens" in fields
        ? { ...NO_USAGE, input: count(fields, "prompt_tokens") }
        : null;
    case "images.generations":
    case "images.edits":
      return "output_tokens" in fields || "input_tokens" in fields ? fromImages(fields) : null;
    case "audio.transcriptions":
      return fromTranscription(fields);
    case "audio.speech":
      return "input_tokens" in fields || "output_tokens" in fields
        ? {
            ...NO_USAGE,
            input: count(fields, "input_tokens"),
            output: count(fields, "output_tokens"),
          }
        : null;
    case "messages":
      return "input_tokens" in fields || "output_tokens" in fields ? fromMessages(fields) : null;
    case "gemini.generateContent":
    case "gemini.streamGenerateContent":
      return "promptTokenCount" in fields || "totalTokenCount" in fields
        ? fromGemini(fields)
        : null;
    case "gemini.embedContent":
    case "gemini.batchEmbedContents":
      return "promptTokenCount" in fields || "totalTokenCount" in fields
        ? fromEmbedding(fields)
        : null;
    default:
      return null;
  }
}

/** Input counts the cached; completion counts audio; xAI leaves reasoning out of it, and Google counts it only in the total. */
function fromChat(fields: StatedFields, provider: Provider): Usage {
  const [into, out] = [
    object(fields, "prompt_tokens_details"),
    object(fields, "completion_tokens_details"),
  ];
  const prompt = count(fields, "prompt_tokens");
  const cacheRead = Math.min(prompt, count(into, "cached_tokens"));
  const cacheWrites = Math.min(prompt - cacheRead, count(into, "cache_write_tokens"));
  const inputAudio = Math.min(prompt - cacheRead - cacheWrites, count(into, "audio_tokens"));
  const reasoning = count(out, "reasoning_tokens");
  const statedCompletion = count(fields, "completion_tokens");
  const { chatReasoning, countsLiveSearch } = providerRecord(provider).usage;
  const completion = {
    "in completion": statedCompletion,
    separate: statedCompletion + (isReasoningIncluded(fields) ? 0 : reasoning),
    "in total": Math.max(statedCompletion, count(fields, "total_tokens") - prompt),
  }[chatReasoning];
  const outputAudio = Math.min(completion, count(out, "audio_tokens"));
  return withExtras({
    input: prompt - cacheRead - cacheWrites - inputAudio,
    cacheRead,
    ...cacheWritesOf(into, cacheWrites),
    output: completion - outputAudio,
    reasoning: chatReasoning === "in total" ? completion - statedCompletion : reasoning,
    inputAudio,
    outputAudio,
    calls: { liveSearchSources: countsLiveSearch ? count(fields, "num_sources_used") : 0 },
  });
}

/** xAI leaves reasoning out of the completion, unless the total shows that nothing is added to it. */
function isReasoningIncluded(fields: StatedFields): boolean {
  const [prompt, completion] = [count(fields, "prompt_tokens"), count(fields, "completion_tokens")];
  const reasoning = count(object(fields, "completion_tokens_details"), "reasoning_tokens");
  return reasoning <= completion && count(fields, "total_tokens") === prompt + completion;
}

const LIFETIMES = "cache_write_tokens_details";

/** What OpenAI wrote to its cache, by lifetime where the usage says so: all of it is short otherwise. */
function cacheWritesOf(details: StatedFields, cacheWrites: number) {
  const long = Math.min(cacheWrites, count(object(details, LIFETIMES), "ttl_12h_tokens"));
  return { cacheWrite5m: cacheWrites - long, cacheWrite1h: long };
}

/** Whether OpenAI's usage distinguishes the lifetimes of what was written to the cache. */
export const statesCacheLifetimes = (fields: StatedFields): boolean =>
  ["prompt_tokens_details", "input_tokens_details"].some((name) =>
    isStated(object(fields, name)[LIFETIMES]),
  );

/** Input counts the cached, output the reasoning, at xAI too. */
function fromResponses(fields: StatedFields): Usage {
  const into = object(fields, "input_tokens_details");
  const input = count(fields, "input_tokens");
  const cacheRead = Math.min(input, count(into, "cached_tokens"));
  const cacheWrites = Math.min(input - cacheRead, count(into, "cache_write_tokens"));
  const tools = object(fields, "server_side_tool_usage_details");
  return withExtras({
    ...{
      input: input - cacheRead - cacheWrites,
      cacheRead,
      ...cacheWritesOf(into, cacheWrites),
    },
    ...{
      output: count(fields, "output_tokens"),
      reasoning: count(object(fields, "output_tokens_details"), "reasoning_tokens"),
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
function fromImages(fields: StatedFields): Usage {
  const [into, out] = [
    object(fields, "input_tokens_details"),
    object(fields, "output_tokens_details"),
  ];
  const [input, output] = [count(fields, "input_tokens"), count(fields, "output_tokens")];
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

function fromTranscription(fields: StatedFields): Usage | null {
  if (typeof fields.seconds === "number")
    return { ...NO_USAGE, milliseconds: milliseconds(fields.seconds) };
  if (!("input_tokens" in fields) && !("output_tokens" in fields)) return null;
  const into =
    "input_token_details" in fields
      ? object(fields, "input_token_details")
      : object(fields, "input_tokens_details");
  const input = count(fields, "input_tokens");
  const inputAudio = "audio_tokens" in into ? Math.min(input, count(into, "audio_tokens")) : input;
  return withExtras({
    ...NO_USAGE,
    input: input - inputAudio,
    inputAudio,
    output: count(fields, "output_tokens"),
  });
}

/**
 * Input leaves the cached out. Only `iterations` counts what ran on the way: a compaction, and whatever another model
 * did, by that model's own rates. With a redeemed fallback credit, Anthropic bills what was written to the cache as read.
 */
function fromMessages(fields: StatedFields): Usage {
  const iterations = list(fields, "iterations");
  const compactions = iterations.filter(({ type }) => type === "compaction").map(roundOf);
  const messages = iterations.filter(({ type }) => type === "message").map(roundOf);
  const request = roundOf(fields);
  const sum = total(messages);
  const addUp = totalInput(sum) === totalInput(request) && sum.output === request.output;
  const byModel = iterations.flatMap((iteration) => {
    const { type, model } = iteration;
    const isOwn = type === "message" || type === "compaction" || typeof model !== "string";
    return isOwn ? [] : [{ ...roundOf(iteration), model }];
  });
  const usage = withExtras({
    ...total([request, ...compactions]),
    calls: { webSearch: count(object(fields, "server_tool_use"), "web_search_requests") },
    ...textFacts({
      serviceTier: fields.service_tier,
      speed: fields.speed,
      inferenceGeo: fields.inference_geo,
    }),
    ...(addUp ? { rounds: [...messages, ...compactions] } : {}),
    ...(byModel.length > 0 ? { byModel } : {}),
  });
  const { type: credit } = object(object(fields, "fallback_credit"), "status");
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

function roundOf(fields: StatedFields): Usage {
  const cacheCreation = object(fields, "cache_creation");
  const long = count(cacheCreation, "ephemeral_1h_input_tokens");
  return {
    input: count(fields, "input_tokens"),
    cacheRead: count(fields, "cache_read_input_tokens"),
    cacheWrite1h: long,
    cacheWrite5m: Math.max(
      count(cacheCreation, "ephemeral_5m_input_tokens"),
      count(fields, "cache_creation_input_tokens") - long,
    ),
    output: count(fields, "output_tokens"),
    reasoning: count(object(fields, "output_tokens_details"), "thinking_tokens"),
  };
}

function total(rounds: Usage[]): Usage {
  const sum = { ...NO_USAGE };
  for (const round of rounds) for (const name of TOKENS) sum[name] += round[name];
  return sum;
}

/** The prompt counts the cached, not what tools put in; candidates leave thoughts out. */
function fromGemini(fields: StatedFields): Usage {
  const prompt = count(fields, "promptTokenCount");
  const tools = count(fields, "toolUsePromptTokenCount");
  const thoughts = count(fields, "thoughtsTokenCount");
  const remainder = Math.max(0, count(fields, "totalTokenCount") - prompt - tools - thoughts);
  const candidates =
    "candidatesTokenCount" in fields ? count(fields, "candidatesTokenCount") : remainder;
  const cacheRead = Math.min(prompt, count(fields, "cachedContentTokenCount"));
  const cacheReadAudio = Math.min(cacheRead, modality(fields, "cacheTokensDetails", "AUDIO"));
  const audio =
    modality(fields, "promptTokensDetails", "AUDIO") +
    modality(fields, "toolUsePromptTokensDetails", "AUDIO");
  const inputAudio = Math.min(prompt + tools - cacheRead, Math.max(0, audio - cacheReadAudio));
  const outputImage = Math.min(candidates, modality(fields, "candidatesTokensDetails", "IMAGE"));
  const outputAudio = Math.min(
    candidates - outputImage,
    modality(fields, "candidatesTokensDetails", "AUDIO"),
  );
  return withExtras({
    ...{ input: prompt + tools - cacheRead - inputAudio, cacheRead: cacheRead - cacheReadAudio },
    ...{ cacheWrite5m: 0, cacheWrite1h: 0 },
    ...{ output: candidates - outputImage - outputAudio + thoughts, reasoning: thoughts },
    ...{ inputAudio, cacheReadAudio, outputImage, outputAudio },
  });
}

/** What is embedded is priced by its kind: https://ai.google.dev/gemini-api/docs/pricing (Gemini Embedding 2). */
function fromEmbedding(fields: StatedFields): Usage {
  const usage = fromGemini(fields);
  const inputImage = Math.min(usage.input, modality(fields, "promptTokensDetails", "IMAGE"));
  const inputVideo = Math.min(
    usage.input - inputImage,
    modality(fields, "promptTokensDetails", "VIDEO"),
  );
  return withExtras({
    ...usage,
    input: usage.input - inputImage - inputVideo,
    inputImage,
    inputVideo,
  });
}

/** Later figures replace earlier ones field by field; a field that is missing or null keeps what it had. */
export function merge(earlier: StatedFields, later: StatedFields): StatedFields {
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
  const keptUsage: Usage = { input, cacheRead, cacheWrite5m, cacheWrite1h, output, reasoning };
  for (const name of EXTRAS) {
    const value = usage[name];
    if (value) keptUsage[name] = value;
  }
  for (const name of ["serviceTier", "speed", "inferenceGeo", "model"] as const) {
    const value = usage[name];
    if (value !== undefined) keptUsage[name] = value;
  }
  if (byModel !== undefined) keptUsage.byModel = byModel;
  if (rounds !== undefined && rounds.length > 1) keptUsage.rounds = rounds;
  for (const name in calls) {
    const times = calls[name] ?? 0;
    if (times > 0) (keptUsage.calls ??= {})[name] = times;
  }
  return keptUsage;
}

function count(fields: StatedFields, key: string): number {
  const value = fields[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function object(fields: StatedFields, key: string): StatedFields {
  const value = fields[key];
  return isStated(value) ? value : {};
}

function list(fields: StatedFields, key: string): StatedFields[] {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(isStated) : [];
}

const modality = (fields: StatedFields, key: string, name: string): number =>
  list(fields, key).reduce(
    (sum, detail) => sum + (detail.modality === name ? count(detail, "tokenCount") : 0),
    0,
  );

export const isStated = (value: unknown): value is StatedFields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
