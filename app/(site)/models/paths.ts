import type { EndpointName } from "@/lib/catalog/schema";
import type { PricedModel } from "../../catalog";

/** The paths worth naming next to a provider, in this order; counting tokens goes without saying. */
const paths: Partial<Record<EndpointName, string>> = {
  messages: "/v1/messages",
  "gemini.generateContent": "/v1beta/models",
  "gemini.embedContent": "/v1beta/models",
  "chat.completions": "/v1/chat/completions",
  responses: "/v1/responses",
  embeddings: "/v1/embeddings",
  "images.generations": "/v1/images/generations",
  "images.edits": "/v1/images/edits",
  "audio.speech": "/v1/audio/speech",
  "audio.transcriptions": "/v1/audio/transcriptions",
  tts: "/v1/tts",
  stt: "/v1/stt",
  moderations: "/v1/moderations",
  decisions: "/v1/decisions",
  "gemini.decisions": "/v1beta/decisions",
};

/** Every path that a model answers at, as it is called. */
export function endpointPaths({ id, endpoints }: Pick<PricedModel, "id" | "endpoints">): string[] {
  return endpoints.map((name) =>
    name === "gemini.interactions" || name === "gemini.decisions"
      ? `/v1beta/${name.slice("gemini.".length)}`
      : name.startsWith("gemini.")
        ? `/v1beta/models/${id}:${name.slice("gemini.".length)}`
        : `/v1/${name.replace(/\./g, "/")}`,
  );
}

/** Where these models answer, for the head of their group. */
export function pathsOf(models: PricedModel[]): string {
  const names = new Set(models.flatMap((model) => model.endpoints));
  const entries = Object.entries(paths).filter(([name]) => names.has(name as EndpointName));
  return [...new Set(entries.map(([, path]) => path))].join(", ");
}
