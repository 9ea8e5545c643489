import { type Usage } from "@/lib/catalog/schema";
import { count, modality, withExtras, type StatedFields } from "./stated-fields";

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
    ...{ input: prompt + tools - cacheRead - inputAudio, cacheRead: cacheRead - cacheReadAudio },
    ...{ cacheWrite5m: 0, cacheWrite1h: 0 },
    ...{ output: candidates - outputImage - outputAudio + thoughts, reasoning: thoughts },
    ...{ inputAudio, cacheReadAudio, outputImage, outputAudio },
  });
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
