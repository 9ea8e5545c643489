import type { PlaygroundModel } from "@/lib/playground/schema";
import type { PlaygroundRequest } from "./build-body";

/** The voices of OpenAI's speech models. https://platform.openai.com/docs/guides/text-to-speech */
export const VOICES = [
  "alloy",
  "ash",
  "ballad",
  "coral",
  "echo",
  "fable",
  "nova",
  "onyx",
  "sage",
  "shimmer",
];

/** The request of a simple form: an image, speech or embeddings. */
export function mediaRequest(
  model: PlaygroundModel,
  fields: Record<string, string>,
): PlaygroundRequest {
  const text = (fields.text ?? "").trim();
  if (model.kind === "speech")
    return {
      path: "/v1/audio/speech",
      body: {
        model: model.id,
        input: text,
        voice: fields.voice || VOICES[0],
        response_format: "mp3",
      },
    };
  if (model.kind === "embedding") {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const dimensions = Number(fields.dimensions ?? 0);
    return {
      path: "/v1/embeddings",
      body: { model: model.id, input: lines, ...(dimensions > 0 ? { dimensions } : {}) },
    };
  }
  return {
    path: "/v1/images/generations",
    body: {
      model: model.id,
      prompt: text,
      n: 1,
      // A URL would be at the provider; the data stays in this page.
      ...(model.imagesHaveSizes
        ? { size: fields.size || "1024x1024", quality: fields.quality || "low" }
        : { response_format: "b64_json" }),
    },
  };
}
