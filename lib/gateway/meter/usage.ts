import { NO_USAGE, type EndpointName, type Provider, type Usage } from "@/lib/catalog/schema";
import { count, type StatedFields } from "./stated-fields";
import { fromEmbedding, fromGemini } from "./usage-gemini";
import { fromMessages } from "./usage-messages";
import { fromChat, fromImages, fromResponses, fromTranscription } from "./usage-openai";

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
