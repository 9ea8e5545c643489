import type { Dialect } from "@/lib/gateway/request/endpoints";
import * as example from "./examples";
import { responseHeaders } from "./headers";
import { errors, json, list, pathParameter, queryParameter, ref, type JsonObject } from "./parts";

type OwnOperation = {
  name: string;
  summary: string;
  description: string;
  dialect?: Dialect;
  schema: JsonObject;
  value: unknown;
  parameters?: JsonObject[];
  requestBody?: JsonObject;
};

/** An endpoint that OneKey itself serves. */
function own({
  name,
  summary,
  description,
  dialect = "openai",
  schema,
  value,
  parameters = [],
  requestBody,
}: OwnOperation): JsonObject {
  return {
    operationId: name,
    tags: ["OneKey"],
    summary,
    description,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: {
      "200": { description: summary, headers: responseHeaders, ...json(schema, value) },
      ...errors(dialect),
    },
  };
}

/** Endpoints that OneKey itself serves. */
export function ownPaths(): Record<string, JsonObject> {
  const modelId = pathParameter("model", "Id of a model.");
  return {
    "/v1/models": {
      get: own({
        name: "listModels",
        summary: "List models",
        description:
          "The models that this key may call. With the header `anthropic-version` the list has Anthropic's form and Claude models only, with `x-goog-api-key` Google's form and Gemini models only.",
        schema: list("OpenAIModel"),
        value: { object: "list", data: [example.openAIModel] },
      }),
    },
    "/v1/models/{model}": {
      parameters: [modelId],
      get: own({
        name: "getModel",
        summary: "Get a model",
        description: "One model of the catalog.",
        schema: ref("OpenAIModel"),
        value: example.openAIModel,
      }),
    },
    "/v1beta/models": {
      get: own({
        name: "listGeminiModels",
        summary: "List Gemini models",
        description: "Google's models in Google's form.",
        dialect: "gemini",
        schema: list("GeminiModel", {}, "models"),
        value: { models: [example.geminiModel] },
      }),
    },
    "/v1beta/models/{model}": {
      parameters: [modelId],
      get: own({
        name: "getGeminiModel",
        summary: "Get a Gemini model",
        description: "One of Google's models in Google's form.",
        dialect: "gemini",
        schema: ref("GeminiModel"),
        value: example.geminiModel,
      }),
    },
    "/v1/quote": {
      post: own({
        name: "createQuote",
        summary: "Get a quote",
        description:
          "What a request would cost and whether it would be served now. Send the body, content type and encoding that its endpoint takes. Nothing is forwarded, held or charged. It counts as a request of the account's minute. The header `x-onekey-quote: 1` does the same at any endpoint.",
        schema: ref("Quote"),
        value: example.quoteResponse,
        parameters: [
          {
            ...queryParameter("endpoint", "Path of the endpoint, such as `/v1/responses`.", {
              type: "string",
            }),
            required: true,
          },
        ],
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                additionalProperties: true,
                properties: {
                  model: { type: "string", description: "Id of a model. Gemini's is in the path." },
                },
              },
              example: example.responsesRequest,
            },
          },
        },
      }),
    },
    "/v1/credits": {
      get: own({
        name: "getCredits",
        summary: "Get the balance",
        description: "What can be spent, what is held for open requests, and the free requests.",
        schema: ref("Credits"),
        value: example.creditsResponse,
      }),
    },
    "/v1/usage": {
      get: own({
        name: "listUsage",
        summary: "List usage rows",
        description:
          "The rows of this key's project, newest first. Rows are kept for 90 days. For the next page, send the `at` of the last row as `before`, while `has_more` is true. A page does not end within a millisecond, so it may have a few rows more than `limit`.",
        schema: list("UsageRow", {
          has_more: { type: "boolean", description: "Whether older rows exist." },
        }),
        value: { data: [example.usageRow], has_more: true },
        parameters: [
          queryParameter("limit", "Rows in a page.", {
            type: "integer",
            minimum: 1,
            maximum: 1000,
            default: 100,
          }),
          queryParameter("before", "Only rows before this time.", {
            type: "string",
            format: "date-time",
          }),
        ],
      }),
    },
    "/v1/usage/{request}": {
      parameters: [pathParameter("request", "Id of a request, from `x-onekey-request-id`.")],
      get: own({
        name: "getUsage",
        summary: "Get a usage row",
        description:
          "The row of one request of this key's project. While the request is in flight, its row is waited for, for up to five seconds.",
        schema: ref("UsageRow"),
        value: example.usageRow,
      }),
    },
  };
}

/** Endpoints of responses that a provider stores. */
export function storedPaths(): Record<string, JsonObject> {
  const parameters = [pathParameter("response", "Id of a response, `resp_…`.")];
  const storedResponse = (name: string, summary: string, description: string, value: unknown) => ({
    operationId: name,
    tags: ["OpenAI"],
    summary,
    description: `${description} Its id is known for 30 days.`,
    externalDocs: {
      description: "All fields in the provider's reference",
      url: "https://platform.openai.com/docs/api-reference/responses",
    },
    responses: {
      "200": {
        description: "The provider's response.",
        headers: responseHeaders,
        content: { "application/json": { schema: { type: "object" }, example: value } },
      },
      ...errors("openai"),
    },
  });
  return {
    "/v1/responses/{response}": {
      parameters,
      get: storedResponse(
        "getResponse",
        "Get a stored response",
        "A response that this account created with `store`.",
        example.responsesResponse,
      ),
      delete: storedResponse(
        "deleteResponse",
        "Delete a stored response",
        "Deletes a response that this account created.",
        { id: "resp_68af1c", object: "response", deleted: true },
      ),
    },
    "/v1/responses/{response}/input_items": {
      parameters,
      get: storedResponse(
        "listInputItems",
        "List the input of a stored response",
        "The input of a response that this account created.",
        {
          object: "list",
          data: [{ type: "message", role: "user", content: "Name one moon of Mars." }],
        },
      ),
    },
  };
}
