import { NO_USAGE, type Provider, type Usage } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";
import {
  count,
  isStated,
  milliseconds,
  object,
  withExtras,
  type StatedFields,
} from "./stated-fields";

/** Input counts the cached; completion counts audio; xAI leaves reasoning out of it, and Google counts it only in the total. */
export function fromChat(fields: StatedFields, provider: Provider): Usage {
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
export function fromResponses(fields: StatedFields): Usage {
  const into = object(fields, "input_tokens_details");
  const input = count(fields, "input_tokens");
  const cacheRead = Math.min(input, count(into, "cached_tokens"));
  const cacheWrites = Math.min(input - cacheRead, count(into, "cache_write_tokens"));
  const tools = object(fields, "server_side_tool_usage_details");
  return withExtras({
    input: input - cacheRead - cacheWrites,
    cacheRead,
    ...cacheWritesOf(into, cacheWrites),
    output: count(fields, "output_tokens"),
    reasoning: count(object(fields, "output_tokens_details"), "reasoning_tokens"),
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
export function fromImages(fields: StatedFields): Usage {
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

export function fromTranscription(fields: StatedFields): Usage | null {
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
