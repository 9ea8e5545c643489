import type { EndpointName } from "@/lib/catalog/schema";
import { AppError } from "@/lib/errors";
import { findTargetProblem } from "@/lib/http/request-target";
import { QUOTE_PATH } from "./quote-target";
import { unknownPath } from "./unknown-path";

export type Dialect = "openai" | "anthropic" | "gemini";

export type Endpoint = {
  name: EndpointName;
  dialect: Dialect;
  /** The request's path, where a provider is called at the same one. */
  path?: string;
  multipart?: boolean;
  /** Costs nothing and uses no free request. */
  costless?: boolean;
};

/** Which provider serves an endpoint, and at which path, is in the provider's record. */
export const ENDPOINTS: Record<string, Endpoint> = {
  "/v1/chat/completions": { name: "chat.completions", dialect: "openai" },
  "/v1/responses": { name: "responses", dialect: "openai" },
  "/v1/responses/input_tokens": {
    name: "responses.input_tokens",
    dialect: "openai",
    costless: true,
  },
  "/v1/responses/compact": { name: "responses.compact", dialect: "openai" },
  "/v1/embeddings": { name: "embeddings", dialect: "openai" },
  "/v1/images/generations": { name: "images.generations", dialect: "openai" },
  "/v1/images/edits": { name: "images.edits", dialect: "openai", multipart: true },
  "/v1/audio/speech": { name: "audio.speech", dialect: "openai" },
  "/v1/audio/transcriptions": {
    name: "audio.transcriptions",
    dialect: "openai",
    multipart: true,
  },
  "/v1/audio/translations": { name: "audio.translations", dialect: "openai", multipart: true },
  "/v1/tts": { name: "tts", dialect: "openai" },
  "/v1/stt": { name: "stt", dialect: "openai", multipart: true },
  "/v1/moderations": { name: "moderations", dialect: "openai", costless: true },
  "/v1/decisions": { name: "decisions", dialect: "openai" },
  "/v1/messages": { name: "messages", dialect: "anthropic" },
  "/v1/messages/count_tokens": {
    name: "messages.count_tokens",
    dialect: "anthropic",
    costless: true,
  },
};

export const GEMINI_ACTIONS: Record<string, { name: EndpointName; costless?: boolean }> = {
  generateContent: { name: "gemini.generateContent" },
  streamGenerateContent: { name: "gemini.streamGenerateContent" },
  countTokens: { name: "gemini.countTokens", costless: true },
  embedContent: { name: "gemini.embedContent" },
  batchEmbedContents: { name: "gemini.batchEmbedContents" },
};

/** Google's endpoints whose model is in the body. */
export const GEMINI_ENDPOINTS: Record<string, Endpoint> = {
  "/v1beta/interactions": { name: "gemini.interactions", dialect: "gemini" },
  "/v1beta/decisions": { name: "gemini.decisions", dialect: "gemini" },
};

const KNOWN_PATHS = [
  ...Object.keys(ENDPOINTS),
  ...Object.keys(GEMINI_ACTIONS).map((action) => `/v1beta/models/{model}:${action}`),
  ...Object.keys(GEMINI_ENDPOINTS),
];

export type Route =
  | { kind: "forward"; endpoint: Endpoint; model?: string }
  | { kind: "stored"; id: string; rest: "" | "/input_items"; method: "GET" | "DELETE" }
  | { kind: "models"; dialect: Dialect; id?: string }
  | { kind: "credits" }
  | { kind: "quote" }
  | { kind: "usage"; id?: string };

/** The dialect of a path's error responses. */
export function dialectOf(
  path: string,
  headers: { "anthropic-version"?: unknown; "x-goog-api-key"?: unknown },
): Dialect {
  if (/^\/v1((beta|alpha)|\/models\/[^/]*:|\/interactions(\/|$))/.test(path)) return "gemini";
  if (path.startsWith("/v1/models") && headers["x-goog-api-key"] !== undefined) return "gemini";
  return path.startsWith("/v1/messages") || headers["anthropic-version"] !== undefined
    ? "anthropic"
    : "openai";
}

/**
 * The route of a path of findApiPath. Throws AppError: bad_request, not_found, method_not_allowed. The path is never decoded
 * or normalized.
 */
export function findRoute(method: string, path: string, dialect: Dialect): Route {
  const allow = <T extends Route>(methods: string[], target: T): T => {
    if (methods.includes(method)) return target;
    // Node sends the head only.
    if (method === "HEAD" && methods.includes("GET") && target.kind !== "stored") return target;
    throw new AppError(
      "method_not_allowed",
      `${path} takes ${methods.join(" or ")}, not ${method}.`,
      {
        headers: { allow: methods.join(", ") },
      },
    );
  };
  const endpoint = ENDPOINTS[path];
  if (endpoint) return allow(["POST"], { kind: "forward", endpoint });
  const problem = findTargetProblem(path);
  if (problem !== null) throw new AppError("bad_request", problem);
  if (/%2f|%5c|\\|\/\/|(^|\/)\.\.?(\/|$)|%2e/i.test(path))
    throw unknownPath({ path, dialect, known: KNOWN_PATHS });
  if (/^\/v1(beta|alpha)?\/models$/.test(path)) return allow(["GET"], { kind: "models", dialect });
  if (path === "/v1/credits") return allow(["GET"], { kind: "credits" });
  if (path === QUOTE_PATH) return allow(["POST"], { kind: "quote" });
  if (path === "/v1/usage") return allow(["GET"], { kind: "usage" });
  const row = /^\/v1\/usage\/(req_[0-9A-Za-z]{22})$/.exec(path);
  if (row?.[1]) return allow(["GET"], { kind: "usage", id: row[1] });
  const model = /^\/v1(?:beta|alpha)?\/models\/((?:[a-z]{1,16}\/)?[A-Za-z0-9][\w.-]{0,127})$/.exec(
    path,
  );
  if (model?.[1]) return allow(["GET"], { kind: "models", dialect, id: model[1] });
  // Google's newer clients call the stable version of its API, or the one ahead of it.
  const gemini = /^\/v1(?:beta|alpha)?\/models\/([A-Za-z0-9][\w.-]{0,127}):([A-Za-z]+)$/.exec(path);
  const action = GEMINI_ACTIONS[gemini?.[2] ?? ""];
  if (gemini?.[1] && action) {
    const target: Endpoint = { ...action, dialect: "gemini", path };
    return allow(["POST"], { kind: "forward", endpoint: target, model: gemini[1] });
  }
  // OpenAI has another endpoint at /v1/decisions.
  const bodyPath = /^\/v1(?:beta\/|alpha\/|\/(?=interactions))(interactions|decisions)$/.exec(path);
  const bodyEndpoint = GEMINI_ENDPOINTS[`/v1beta/${bodyPath?.[1]}`];
  if (bodyEndpoint)
    return allow(["POST"], { kind: "forward", endpoint: { ...bodyEndpoint, path } });
  const storedMatch = /^\/v1\/responses\/(resp_[\w-]{1,200})(\/input_items)?$/.exec(path);
  if (storedMatch?.[1]) {
    const subpath = storedMatch[2] ? "/input_items" : "";
    const target = {
      kind: "stored",
      id: storedMatch[1],
      rest: subpath,
      method: method === "DELETE" ? "DELETE" : "GET",
    } as const;
    return allow(subpath ? ["GET"] : ["GET", "DELETE"], target);
  }
  throw unknownPath({ path, dialect, known: KNOWN_PATHS });
}
