import type { EndpointName } from "@/lib/catalog/schema";
import { messages } from "./anthropic-rules";
import type { DraftPlace } from "./draft";
import { generate } from "./gemini-rules";
import { chat, embeddings, images, moderations, responses, speech } from "./openai-rules";

/** What the body of each endpoint may say that routes it, prices it or is refused. A transcription is always a form. */
export const ROOTS: Record<Exclude<EndpointName, "audio.transcriptions">, DraftPlace> = {
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
