import type { MockRequest, MockResponse, ProviderName } from "./mock-response";
import * as anthropic from "./anthropic";
import { decisions, geminiDecisions } from "./decisions";
import * as google from "./google";
import { interactions } from "./google-interactions";
import { chat } from "./openai-chat";
import * as media from "./openai-media";
import { compact, inputTokensCounted, responses, type StoredResponse } from "./openai-responses";

/** The endpoints that each provider has, by the end of their path. */
export function answerTo(
  request: MockRequest,
  responsesById: Map<string, StoredResponse>,
): MockResponse | null {
  const everyone: [string, (asked: MockRequest) => MockResponse][] = [["/chat/completions", chat]];
  const some: Record<ProviderName, [string, (asked: MockRequest) => MockResponse][]> = {
    openai: [
      ["/responses", (request) => responses(request, responsesById)],
      ["/responses/input_tokens", inputTokensCounted],
      ["/responses/compact", compact],
      ["/embeddings", media.embeddings],
      ["/images/generations", media.images],
      ["/images/edits", media.images],
      ["/audio/speech", media.speech],
      ["/audio/transcriptions", media.transcriptions],
      ["/audio/translations", media.translations],
      ["/moderations", media.moderations],
      ["/decisions", decisions],
    ],
    anthropic: [
      ["/messages", anthropic.messages],
      ["/messages/count_tokens", anthropic.countTokens],
    ],
    google: [
      ["/openai/embeddings", media.embeddings],
      [":generateContent", google.generate],
      [":streamGenerateContent", google.generate],
      [":countTokens", google.counted],
      [":embedContent", google.embed],
      [":batchEmbedContents", google.embed],
      ["/interactions", interactions],
      ["/decisions", geminiDecisions],
    ],
    xai: [
      ["/responses", (request) => responses(request, responsesById)],
      ["/images/generations", media.images],
      ["/images/edits", media.images],
      ["/tts", media.speech],
      ["/stt", media.stt],
    ],
  };
  const handler = [...everyone, ...some[request.provider]].find(([end]) =>
    request.path.endsWith(end),
  );
  return handler?.[1](request) ?? null;
}

/** The JSON of a body, or the plain fields of a form; null for what is neither. */
export function bodyOf(raw: Buffer, contentType: string): Record<string, unknown> | null {
  if (contentType.startsWith("multipart/form-data")) {
    const parts = raw
      .toString("latin1")
      .matchAll(/name="([^"]+)"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]{0,500})\r\n--/g);
    return Object.fromEntries(Array.from(parts, ([, name = "", value]) => [name, value]));
  }
  try {
    return JSON.parse(raw.toString("utf8")) as Record<string, unknown>;
  } catch {
    return null;
  }
}
