import { type Usage } from "@/lib/catalog/schema";
import { count, list, modality, withExtras, type StatedFields } from "./stated-fields";

/** The prompt counts the cached, not what tools put in; candidates leave thoughts out. */
export function fromGemini(fields: StatedFields): Usage {
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
    input: prompt + tools - cacheRead - inputAudio,
    cacheRead: cacheRead - cacheReadAudio,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output: candidates - outputImage - outputAudio + thoughts,
    reasoning: thoughts,
    inputAudio,
    cacheReadAudio,
    outputImage,
    outputAudio,
  });
}

/** The same counts by the names of Google's interactions, with the calls of its search. */
export function fromInteraction(fields: StatedFields): Usage {
  const modalities = (key: string) =>
    list(fields, key).map(({ modality: name, tokens }) => ({
      modality: String(name).toUpperCase(),
      tokenCount: tokens,
    }));
  const usage = fromGemini({
    promptTokenCount: fields.total_input_tokens,
    cachedContentTokenCount: fields.total_cached_tokens,
    toolUsePromptTokenCount: fields.total_tool_use_tokens,
    thoughtsTokenCount: fields.total_thought_tokens,
    totalTokenCount: fields.total_tokens,
    ...("total_output_tokens" in fields
      ? { candidatesTokenCount: fields.total_output_tokens }
      : {}),
    promptTokensDetails: modalities("input_tokens_by_modality"),
    cacheTokensDetails: modalities("cached_tokens_by_modality"),
    toolUsePromptTokensDetails: modalities("tool_use_tokens_by_modality"),
    candidatesTokensDetails: modalities("output_tokens_by_modality"),
  });
  const searches = list(fields, "grounding_tool_count")
    .filter(({ type }) => type === "google_search")
    .reduce((sum, tool) => sum + count(tool, "count"), 0);
  if (searches > 0) usage.calls = { webSearch: searches, groundedPrompt: 1 };
  return usage;
}

/** What is embedded is priced by its kind: https://ai.google.dev/gemini-api/docs/pricing (Gemini Embedding 2). */
export function fromEmbedding(fields: StatedFields): Usage {
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
