import { z } from "zod";
import {
  ENDPOINTS,
  GEMINI_ACTIONS,
  GEMINI_ENDPOINTS,
  type Dialect,
} from "@/lib/gateway/request/endpoints";
import { managementPaths, managementScheme } from "./management";
import { exampleModel } from "./example-model";
import { costHeaders, rateLimitHeaders, responseHeaders } from "./headers";
import type { BodyField, OperationText } from "./operation-text";
import { operationTexts } from "./operations";
import { ownPaths, storedPaths } from "./own-operations";
import { errors, exactUsage, pathParameter, quoteOnly, type JsonObject } from "./parts";
import { shapes } from "./shapes";

const tags: Record<Dialect, string> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  gemini: "Gemini",
};
/** The schema of a body: the fields that OneKey reads, in objects where their names have a dot. */
function bodySchema(fields: BodyField[]): JsonObject {
  const properties: Record<string, JsonObject> = {};
  for (const { name, type, description } of fields) {
    const [outer = "", inner] = name.split(".");
    const field: JsonObject = {
      ...(type === "file" ? { type: "string", format: "binary" } : { type }),
      description,
    };
    if (inner === undefined) properties[outer] = field;
    else {
      const parent = properties[outer] ?? { type: "object", properties: {} };
      properties[outer] = {
        ...parent,
        properties: { ...(parent.properties as JsonObject), [inner]: field },
      };
    }
  }
  const requiredNames = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    type: "object",
    additionalProperties: true,
    ...(requiredNames.length > 0 ? { required: requiredNames } : {}),
    properties,
  };
}

const passedThrough =
  "Body and response are the provider's own and pass through byte for byte, so only the fields that OneKey reads are listed.";

/** An endpoint whose body and response are the provider's own. */
function passThrough(
  name: string,
  dialect: Dialect,
  text: OperationText,
  multipart = false,
): JsonObject {
  return {
    operationId: name.replaceAll(/[^A-Za-z0-9]/g, "_"),
    tags: [tags[dialect]],
    summary: text.title,
    description: `${text.description} ${passedThrough}`,
    parameters: name === "chat.completions" ? [quoteOnly, exactUsage] : [quoteOnly],
    externalDocs: { description: "All fields in the provider's reference", url: text.reference },
    requestBody: {
      required: true,
      content: {
        [multipart ? "multipart/form-data" : "application/json"]: {
          schema: bodySchema(text.fields),
          example: text.request,
        },
      },
    },
    responses: {
      "200": {
        description: "The provider's response.",
        headers: { ...responseHeaders, ...costHeaders, ...rateLimitHeaders },
        content: responseContent(text),
      },
      ...errors(dialect),
    },
  };
}

/** The response in one piece, and as a stream where there is one. */
function responseContent({ response, stream }: OperationText): JsonObject {
  if (typeof response === "string")
    return { "audio/mpeg": { schema: { type: "string", format: "binary" } } };
  return {
    "application/json": {
      schema: { type: Array.isArray(response) ? "array" : "object" },
      example: response,
    },
    ...(stream === undefined
      ? {}
      : {
          "text/event-stream": {
            schema: {
              type: "string",
              description:
                "The provider's events, passed on as they arrive. The cost is in the trailer `x-onekey-cost`, for clients that send `TE: trailers`, and in the usage row.",
            },
            example: stream,
          },
        }),
  };
}

/**
 * The OpenAPI 3.1 document of everything under /v1 and /v1beta, made of the gateway's own table of endpoints. One whose last
 * model has ended is left out.
 */
export function openApiDocument(address: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const [path, { name, dialect, multipart }] of Object.entries({
    ...ENDPOINTS,
    ...GEMINI_ENDPOINTS,
  })) {
    if (exampleModel(name) === undefined) continue;
    paths[path] = { post: passThrough(name, dialect, operationTexts[name], multipart) };
  }
  for (const [action, { name }] of Object.entries(GEMINI_ACTIONS))
    paths[`/v1beta/models/{model}:${action}`] = {
      parameters: [pathParameter("model", "Id of one of Google's models.")],
      post: passThrough(name, "gemini", operationTexts[name]),
    };
  return {
    openapi: "3.1.0",
    info: {
      title: "OneKey",
      version: "1",
      description:
        "One key for OpenAI, Anthropic, Google and xAI. Requests and responses pass through byte for byte.",
    },
    servers: [{ url: address }],
    security: [{ bearer: [] }, { xApiKey: [] }, { xGoogApiKey: [] }, { key: [] }],
    tags: ["OpenAI", "Anthropic", "Gemini", "OneKey", "Management"].map((name) => ({ name })),
    paths: { ...paths, ...storedPaths(), ...ownPaths(), ...managementPaths() },
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "A project key, as OpenAI's SDKs send it.",
        },
        xApiKey: {
          type: "apiKey",
          in: "header",
          name: "x-api-key",
          description: "A project key, as Anthropic's SDKs send it.",
        },
        xGoogApiKey: {
          type: "apiKey",
          in: "header",
          name: "x-goog-api-key",
          description: "A project key, as Google's SDKs send it.",
        },
        key: {
          type: "apiKey",
          in: "query",
          name: "key",
          description: "A project key in the address. It is never logged and never forwarded.",
        },
        managementKey: managementScheme,
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
