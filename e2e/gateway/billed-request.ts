import { findModel } from "@/lib/catalog/queries";
import type { Usage } from "@/lib/catalog/schema";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";

export type BilledCase = {
  model: string;
  tier?: string;
  on: string;
  usage: Partial<Usage>;
  cost: number;
};

/** A request of a model's first endpoint, and the usage that its provider states, in that provider's own fields. */
export function requestOf({ model: id, tier, usage }: BilledCase): {
  path: string;
  body: object | FormData;
  stated: object;
} {
  const model = findModel(id);
  if (!model) throw new Error(`no model ${id}`);
  const [kind, value] = tier?.split(" ") ?? [];
  const catalogOf =
    kind === "speed"
      ? { speed: value }
      : kind === "geo"
        ? { inference_geo: value }
        : tier
          ? { service_tier: tier }
          : {};
  const count = (name: keyof Usage) => Number(usage[name] ?? 0);
  const [endpoint] = model.endpoints;
  const input = count("input") + count("cacheRead") + count("cacheWrite5m") + count("inputAudio");
  const output = count("output") + count("outputAudio");
  if (kind === "endpoint" && value === "decisions")
    return {
      path: "/v1/decisions",
      body: { model: id, input: "Hello", questions: [] },
      stated: {
        input_tokens: input,
        output_tokens: output,
        input_tokens_details: {
          cached_tokens: count("cacheRead"),
          cache_write_tokens: count("cacheWrite5m"),
        },
      },
    };
  switch (endpoint) {
    case "messages":
      return {
        path: "/v1/messages",
        body: { ...catalogOf, model: id, max_tokens: 500, messages: [] },
        stated: {
          input_tokens: count("input"),
          cache_read_input_tokens: count("cacheRead"),
          output_tokens: output,
          cache_creation_input_tokens: count("cacheWrite5m") + count("cacheWrite1h"),
          cache_creation: {
            ephemeral_5m_input_tokens: count("cacheWrite5m"),
            ephemeral_1h_input_tokens: count("cacheWrite1h"),
          },
        },
      };
    case "responses":
    case "chat.completions": {
      const isChat = endpoint === "chat.completions" && model.provider !== "xai";
      const details = {
        cached_tokens: count("cacheRead"),
        cache_write_tokens: count("cacheWrite5m"),
        audio_tokens: count("inputAudio"),
      };
      return isChat
        ? {
            path: "/v1/chat/completions",
            body: { ...catalogOf, model: id, max_completion_tokens: 900, messages: [] },
            stated: {
              prompt_tokens: input,
              completion_tokens: output,
              prompt_tokens_details: details,
              completion_tokens_details: { audio_tokens: count("outputAudio") },
            },
          }
        : {
            path: "/v1/responses",
            body: { ...catalogOf, model: id, max_output_tokens: 900, input: "Hello" },
            stated: { input_tokens: input, output_tokens: output, input_tokens_details: details },
          };
    }
    case "embeddings":
      return {
        path: "/v1/embeddings",
        body: { model: id, input: "Hello" },
        stated: { prompt_tokens: input, total_tokens: input },
      };
    case "gemini.embedContent":
      return {
        path: `/v1beta/models/${id}:embedContent`,
        body: { content: { parts: [{ text: "Hello" }] } },
        stated: {
          promptTokenCount: input + count("inputImage") + count("inputVideo"),
          promptTokensDetails: [
            { modality: "IMAGE", tokenCount: count("inputImage") },
            { modality: "AUDIO", tokenCount: count("inputAudio") },
            { modality: "VIDEO", tokenCount: count("inputVideo") },
          ],
        },
      };
    case "gemini.generateContent":
      return {
        path: `/v1beta/models/${id}:generateContent`,
        body: {
          ...catalogOf,
          contents: [{ role: "user", parts: [{ text: "Hello" }] }],
          generationConfig: { maxOutputTokens: 2_000 },
        },
        stated: {
          promptTokenCount: input,
          cachedContentTokenCount: count("cacheRead"),
          candidatesTokenCount: output + count("outputImage"),
          candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: count("outputImage") }],
        },
      };
    case "gemini.decisions":
      return {
        path: "/v1beta/decisions",
        body: { model: id, input: "Hello", questions: {} },
        stated: {
          total_input_tokens: input,
          total_cached_tokens: count("cacheRead"),
          total_output_tokens: output,
          total_tokens: input + output,
        },
      };
    case "tts":
      return {
        path: "/v1/tts",
        body: { text: "x".repeat(count("characters")), language: "en" },
        stated: {},
      };
    case "stt": {
      const body = new FormData();
      body.set("file", new Blob([new Uint8Array(64_000)]), "a.wav");
      return { path: "/v1/stt", body, stated: { duration: count("milliseconds") / 1_000 } };
    }
    case "images.generations":
      return {
        path: usage.inputImages ? "/v1/images/edits" : "/v1/images/generations",
        body: {
          model: id,
          prompt: "A key",
          n: usage.images ?? 1,
          ...(usage.inputImages
            ? { images: Array.from({ length: usage.inputImages }, () => ({ url: PIXEL })) }
            : {}),
        },
        stated: {
          input_tokens: input + count("inputImage"),
          output_tokens: count("outputImage"),
          input_tokens_details: { image_tokens: count("inputImage") },
        },
      };
    case "audio.speech":
      return {
        path: "/v1/audio/speech",
        body: {
          model: id,
          voice: "alloy",
          input: "x".repeat(usage.characters ?? 10),
          ...(usage.characters === undefined ? { stream_format: "sse" } : {}),
        },
        stated: { input_tokens: input, output_tokens: output },
      };
    case "audio.transcriptions": {
      const body = new FormData();
      body.set("model", id);
      body.set("file", new Blob([new Uint8Array(64_000)]), "a.wav");
      const seconds = count("milliseconds") / 1_000;
      return {
        path: "/v1/audio/transcriptions",
        body,
        stated:
          seconds > 0
            ? { type: "duration", seconds }
            : {
                type: "tokens",
                input_tokens: input,
                output_tokens: output,
                input_token_details: { audio_tokens: input },
              },
      };
    }
    case "moderations":
      return { path: "/v1/moderations", body: { model: id, input: "Hello" }, stated: {} };
    default:
      throw new Error(`${id} has no endpoint that is tried here.`);
  }
}
