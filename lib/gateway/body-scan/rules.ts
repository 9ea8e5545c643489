import type { EndpointName } from "@/lib/catalog/schema";
import { messages } from "./anthropic-rules";
import { decisions } from "./decision-rules";
import type { ScanRule } from "./draft";
import { generate } from "./gemini-rules";
import { geminiDecisions, interactions } from "./interaction-rules";
import { embeddings, images, moderations, speech, tts } from "./media-endpoint-rules";
import { chat, responses } from "./openai-rules";

/** Endpoints whose body is always a form. */
export type FormEndpoint = "audio.transcriptions" | "audio.translations" | "stt";

/** The rules of each endpoint's JSON body: the fields that route it, price it or are refused. */
export const ROOTS: Record<Exclude<EndpointName, FormEndpoint>, ScanRule> = {
  "chat.completions": chat,
  responses,
  "responses.input_tokens": responses,
  "responses.compact": responses,
  embeddings,
  "images.generations": images,
  "images.edits": images,
  "audio.speech": speech,
  tts,
  moderations,
  decisions,
  messages,
  "messages.count_tokens": messages,
  "gemini.generateContent": generate,
  "gemini.streamGenerateContent": generate,
  "gemini.countTokens": generate,
  "gemini.embedContent": generate,
  "gemini.batchEmbedContents": generate,
  "gemini.interactions": interactions,
  "gemini.decisions": geminiDecisions,
};
