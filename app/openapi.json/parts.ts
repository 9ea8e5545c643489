import type { Dialect } from "@/lib/gateway/request/endpoints";
import { errorExample } from "./error-examples";
import { costHeaders, errorHeaders, retryHeaders } from "./headers";
import { errorStatuses, type ShapeName } from "./shapes";
import { statusTexts } from "./statuses";

export type JsonObject = Record<string, unknown>;

export const ref = (name: ShapeName) => ({ $ref: `#/components/schemas/${name}` });
export const list = (name: ShapeName, fields: JsonObject = {}, key = "data") => ({
  type: "object",
  required: [key],
  properties: { [key]: { type: "array", items: ref(name) }, ...fields },
});
export const json = (schema: JsonObject, value?: unknown) => ({
  content: { "application/json": { schema, ...(value === undefined ? {} : { example: value }) } },
});

const errorShape: Record<Dialect, ShapeName> = {
  openai: "OpenAIError",
  anthropic: "AnthropicError",
  gemini: "GeminiError",
};

/** The error responses of an endpoint in a dialect. */
export function errors(dialect: Dialect): JsonObject {
  return Object.fromEntries(
    errorStatuses.map((status) => {
      const { meaning, remedy } = statusTexts[status];
      return [
        String(status),
        {
          description: `${meaning} ${remedy}`.trim(),
          headers: headersOf(status),
          ...json(ref(errorShape[dialect]), errorExample(status, dialect)),
        },
      ];
    }),
  );
}

/** A refusal by the balance or a limit states what the request could have cost, so that it can be made to fit. */
function headersOf(status: number) {
  const costs =
    status === 402 || status === 429
      ? { "x-onekey-max-cost": costHeaders["x-onekey-max-cost"] }
      : {};
  const waits = status === 429 || status === 503 ? retryHeaders : {};
  return { ...errorHeaders, ...costs, ...waits };
}

export const pathParameter = (name: string, description: string) => ({
  name,
  in: "path",
  required: true,
  description,
  schema: { type: "string" },
});

/** What a request may say of its stream; only a chat stream has its usage stated on demand. */
export const exactUsage: JsonObject = {
  name: "x-onekey-exact-usage",
  in: "header",
  description:
    "`1` asks the provider for the usage of a chat stream whose body does not set `stream_options.include_usage`, and removes the extra chunk, so that the cost is exact; `0` does not. Left out, the project's setting is used.",
  schema: { type: "string", enum: ["0", "1"] },
};

/** Turns any request into one for its price. */
export const quoteOnly: JsonObject = {
  name: "x-onekey-quote",
  in: "header",
  description:
    "`1` responds with what the request would cost, as `POST /v1/quote` does. Nothing is forwarded or charged.",
  schema: { type: "string", enum: ["0", "1"] },
};

export const queryParameter = (name: string, description: string, schema: JsonObject) => ({
  name,
  in: "query",
  description,
  schema,
});
