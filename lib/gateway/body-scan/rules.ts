import type { EndpointName } from "@/lib/catalog/schema";
import { messages } from "./anthropic-rules";
import type { ScanRule } from "./draft";
import { generate } from "./gemini-rules";
import { chat, embeddings, images, moderations, responses, speech } from "./openai-rules";

/** The rules of each endpoint's JSON body: the fields that route it, price it or are refused. A transcription is always a form. */
export const ROOTS: Record<Exclude<EndpointName, "audio.transcriptions">, ScanRule> = {
  "chat.completions": chat,
  responses,
  "responses.input_tokens": responses,
  "responses.compact": responses,
  embeddings,
  "images.generations": images,
  "images.edits": images,
  "audio.speech": speech,
  moderations,
  messages,
  "messages.count_tokens": messages,
  "gemini.generateContent": generate,
  "gemini.streamGenerateContent": generate,
  "gemini.countTokens": generate,
  "gemini.embedContent": generate,
  "gemini.batchEmbedContents": generate,
};
