import { z } from "zod";
import { ENDPOINTS, GEMINI_ACTIONS, type Dialect } from "@/lib/gateway/request/endpoints";
import { errorStatuses, shapes, type ShapeName } from "./shapes";

type Json = Record<string, unknown>;

const ref = (name: ShapeName) => ({ $ref: `#/components/schemas/${name}` });
const list = (name: ShapeName, more: Json = {}, key = "data") => ({
  type: "object",
  required: [key],
  properties: { [key]: { type: "array", items: ref(name) }, ...more },
});
const json = (schema: Json) => ({ content: { "application/json": { schema } } });

const tags: Record<Dialect, string> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  gemini: "Gemini",
};
const errorShape: Record<Dialect, ShapeName> = {
  openai: "OpenAIError",
  anthropic: "AnthropicError",
  gemini: "GeminiError",
};
/** Where each provider documents its bodies, which pass through as they are. */
const reference: Record<Dialect, string> = {
  openai: "https://platform.openai.com/docs/api-reference",
  anthropic: "https://docs.claude.com/en/api/overview",
  gemini: "https://ai.google.dev/api",
};

function errors(dialect: Dialect): Json {
  return Object.fromEntries(
    errorStatuses.map((status) => [
      String(status),
      { description: `See /docs/errors`, ...json(ref(errorShape[dialect])) },
    ]),
  );
}

const requestIdHeader = {
  "x-onekey-request-id": {
    description: "The request's id, as in its usage row.",
    schema: { type: "string" },
  },
};

/** An endpoint whose body and answer are the provider's own. */
function passThrough(
  name: string,
  dialect: Dialect,
  { multipart = false, modelInPath = false } = {},
): Json {
  const body = {
    type: "object",
    additionalProperties: true,
    ...(modelInPath ? {} : { required: ["model"], properties: { model: { type: "string" } } }),
  };
  return {
    operationId: name.replaceAll(/[^A-Za-z0-9]/g, "_"),
    tags: [tags[dialect]],
    summary: `${name}: body and answer are the provider's own and pass through byte for byte`,
    externalDocs: { url: reference[dialect] },
    requestBody: {
      required: true,
      content: { [multipart ? "multipart/form-data" : "application/json"]: { schema: body } },
    },
    responses: {
      "200": { description: "The provider's answer.", headers: requestIdHeader },
      ...errors(dialect),
    },
  };
}

function own(
  name: string,
  summary: string,
  dialect: Dialect,
  schema: Json,
  parameters: Json[] = [],
): Json {
  return {
    operationId: name,
    tags: ["OneKey"],
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: {
      "200": { description: summary, headers: requestIdHeader, ...json(schema) },
      ...errors(dialect),
    },
  };
}

const pathParameter = (name: string) => ({
  name,
  in: "path",
  required: true,
  schema: { type: "string" },
});
const queryParameter = (name: string, schema: Json) => ({ name, in: "query", schema });

/** The OpenAPI 3.1 document of everything under /v1 and /v1beta, made of the gateway's own table of endpoints. */
export function openApiDocument(address: string): Json {
  const paths: Record<string, Json> = {};
  for (const [path, { name, dialect, multipart }] of Object.entries(ENDPOINTS))
    paths[path] = { post: passThrough(name, dialect, { multipart: multipart ?? false }) };
  for (const [action, { name }] of Object.entries(GEMINI_ACTIONS))
    paths[`/v1beta/models/{model}:${action}`] = {
      parameters: [pathParameter("model")],
      post: passThrough(name, "gemini", { modelInPath: true }),
    };
  paths["/v1/models"] = {
    get: own("listModels", "The models that this key may call", "openai", list("OpenAIModel")),
  };
  paths["/v1/models/{model}"] = {
    parameters: [pathParameter("model")],
    get: own("getModel", "One model", "openai", ref("OpenAIModel")),
  };
  paths["/v1beta/models"] = {
    get: own("listGeminiModels", "Google's models", "gemini", list("GeminiModel", {}, "models")),
  };
  paths["/v1beta/models/{model}"] = {
    parameters: [pathParameter("model")],
    get: own("getGeminiModel", "One model", "gemini", ref("GeminiModel")),
  };
  paths["/v1/credits"] = {
    get: own("getCredits", "Balance, held, free requests left", "openai", ref("Credits")),
  };
  paths["/v1/usage"] = {
    get: own(
      "listUsage",
      "The rows of this key's project, newest first",
      "openai",
      list("UsageRow", { has_more: { type: "boolean" } }),
      [
        queryParameter("limit", { type: "integer", minimum: 1, maximum: 1000, default: 100 }),
        queryParameter("before", { type: "string", format: "date-time" }),
      ],
    ),
  };
  paths["/v1/usage/{request}"] = {
    parameters: [pathParameter("request")],
    get: own("getUsage", "The row of one request", "openai", ref("UsageRow")),
  };
  const stored = (summary: string) => ({
    tags: ["OpenAI"],
    summary,
    externalDocs: { url: reference.openai },
    responses: {
      "200": { description: "The provider's answer.", headers: requestIdHeader },
      ...errors("openai"),
    },
  });
  paths["/v1/responses/{response}"] = {
    parameters: [pathParameter("response")],
    get: { operationId: "getResponse", ...stored("A stored response that this account was given") },
    delete: {
      operationId: "deleteResponse",
      ...stored("Deletes a stored response that this account was given"),
    },
  };
  paths["/v1/responses/{response}/input_items"] = {
    parameters: [pathParameter("response")],
    get: {
      operationId: "listInputItems",
      ...stored("The input of a stored response that this account was given"),
    },
  };
  return {
    openapi: "3.1.0",
    info: {
      title: "OneKey",
      version: "1",
      description:
        "One key for OpenAI, Anthropic, Google and xAI. Requests and answers pass through byte for byte.",
    },
    servers: [{ url: address }],
    security: [{ bearer: [] }, { xApiKey: [] }, { xGoogApiKey: [] }, { key: [] }],
    tags: ["OpenAI", "Anthropic", "Gemini", "OneKey"].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        xApiKey: { type: "apiKey", in: "header", name: "x-api-key" },
        xGoogApiKey: { type: "apiKey", in: "header", name: "x-goog-api-key" },
        key: { type: "apiKey", in: "query", name: "key" },
      },
      schemas: Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => {
          const { $schema: _, ...schema } = z.toJSONSchema(shape);
          return [name, schema];
        }),
      ),
    },
  };
}
