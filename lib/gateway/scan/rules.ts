import type { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import type { Path, Raw } from "./json";

export type Medium = { kind: "image" | "audio" | "document" | "video"; from: "inline" | "url"; bytes: number };

/** Subtrees that hold what the caller or a tool made up: a key in them names nothing of a provider's. */
const FREE_FORM = new Set([
  "parameters",
  "input_schema",
  "metadata",
  "arguments",
  "args",
  "response",
  "schema",
  "json_schema",
  "parametersJsonSchema",
  "parameters_json_schema",
  "responseSchema",
  "response_schema",
  "responseJsonSchema",
  "response_json_schema",
  "logit_bias",
  "labels",
  "user",
]);

export function isFreeForm(endpoint: EndpointName, path: Path): boolean {
  const name = path.at(-1);
  if (typeof name !== "string") return false;
  if (FREE_FORM.has(name)) return path.length > 1 || name !== "response";
  // A tool call's input is the model's own making.
  return endpoint.startsWith("messages") && name === "input" && path.length > 1;
}

const instead =
  "it names something stored at a provider, where all customers of OneKey share one credential. Send the content in the request instead.";
const STORED = new Set([
  "file_id",
  "file_ids",
  "fileid",
  "input_file_id",
  "container_id",
  "vector_store_ids",
  "vector_store_id",
  "fileuri",
  "file_uri",
  "cachedcontent",
  "cached_content",
  "conversation",
  "conversation_id",
]);

/** Throws for a field that names an object stored at a provider (they could be another customer's). */
export function refuseStored(path: Path): void {
  const name = path.at(-1);
  if (typeof name === "string" && STORED.has(name.toLowerCase()))
    throw new AppError("bad_request", `The field ${name} is not served: ${instead}`, { param: name });
}

/** Scalars that are refused by their place: a container's or prompt's id, `background: true`. */
export function refuseValue(path: Path, raw: Raw): void {
  const [first, second] = path;
  if (raw.type === "null") return;
  if (path.length === 1 && first === "background" && raw.type === "true") {
    throw new AppError(
      "bad_request",
      "background: true is not served: its answer would be stored at the provider. Send the request without it, and stream the answer.",
      { param: "background" },
    );
  }
  if (path.at(-1) === "container" && raw.type === "string")
    throw new AppError("bad_request", `The field container is not served: ${instead}`, { param: "container" });
  if (first === "container" && second === "id")
    throw new AppError("bad_request", `The field container.id is not served: ${instead}`, { param: "container.id" });
  if (first === "prompt" && second === "id")
    throw new AppError("bad_request", `The field prompt.id is not served: ${instead}`, { param: "prompt.id" });
}

/** What decides the route or the price, by endpoint: path (joined with dots) → what it is. */
export type PricingField =
  | "model"
  | "stream"
  | "limit"
  | "choices"
  | "serviceTier"
  | "speed"
  | "inferenceGeo"
  | "includeUsage"
  | "speechInput"
  | "store"
  | "previous"
  | "size"
  | "quality";

const SHARED: Record<string, PricingField> = { model: "model", stream: "stream", service_tier: "serviceTier" };
const FIELDS: Partial<Record<EndpointName, Record<string, PricingField>>> = {
  "chat.completions": {
    n: "choices",
    max_tokens: "limit",
    max_completion_tokens: "limit",
    "stream_options.include_usage": "includeUsage",
    speed: "speed",
    inference_geo: "inferenceGeo",
  },
  responses: { max_output_tokens: "limit", store: "store", previous_response_id: "previous" },
  "responses.input_tokens": { previous_response_id: "previous" },
  "responses.compact": { previous_response_id: "previous" },
  messages: { max_tokens: "limit", speed: "speed", inference_geo: "inferenceGeo" },
  "images.generations": { n: "choices", size: "size", quality: "quality" },
  "images.edits": { n: "choices", size: "size", quality: "quality" },
  "audio.speech": { input: "speechInput" },
};
const GEMINI: Record<string, PricingField> = {
  model: "model",
  "generationConfig.maxOutputTokens": "limit",
  "generationConfig.max_output_tokens": "limit",
  "generation_config.max_output_tokens": "limit",
  "generation_config.maxOutputTokens": "limit",
  "generationConfig.candidateCount": "choices",
  "generationConfig.candidate_count": "choices",
  "generation_config.candidate_count": "choices",
  "generation_config.candidateCount": "choices",
  serviceTier: "serviceTier",
  service_tier: "serviceTier",
};

export const fieldsOf = (endpoint: EndpointName): Record<string, PricingField> =>
  endpoint.startsWith("gemini.") ? GEMINI : { ...SHARED, ...FIELDS[endpoint] };

const DATA_URL = "data:";
const kindOf = (type: string): Medium["kind"] =>
  type.startsWith("audio")
    ? "audio"
    : type.startsWith("video")
      ? "video"
      : type.startsWith("image")
        ? "image"
        : "document";

/** The medium that a string stands for (a data URL, base64, or an address), by its place; null for text. */
export function mediumAt(path: Path, raw: Raw, body: Buffer): Medium | null {
  const name = path.at(-1);
  const parent = path.at(-2);
  if (typeof name !== "string" || raw.type !== "string") return null;
  const bytes = raw.end - raw.start;
  const inline = (kind: Medium["kind"]): Medium => ({ kind, from: "inline", bytes: Math.floor((bytes * 3) / 4) });
  if (
    name === "data" &&
    (parent === "inlineData" || parent === "inline_data" || parent === "source" || parent === "input_audio")
  )
    return inline(parent === "input_audio" ? "audio" : "document");
  if (name === "file_data") return inline("document");
  if (
    (name === "url" &&
      (parent === "image_url" || parent === "source" || parent === "file" || parent === "video_url")) ||
    name === "image_url" ||
    name === "file_url"
  ) {
    const head = body.toString("latin1", raw.start, Math.min(raw.end, raw.start + 32));
    if (head.startsWith(DATA_URL)) return inline(kindOf(head.slice(DATA_URL.length)));
    return { kind: name === "file_url" ? "document" : "image", from: "url", bytes: 0 };
  }
  return null;
}
