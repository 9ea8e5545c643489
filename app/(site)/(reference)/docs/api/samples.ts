import type { ApiOperation } from "./reference";

export type RequestSample = { language: "sh" | "python" | "ts"; text: string };

type SampleBody = Record<string, unknown>;

/** A complete request to an endpoint in each language that its example can be written in. */
export function samplesOf(operation: ApiOperation, address: string): RequestSample[] {
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body = content?.example as SampleBody | undefined;
  const path = fillIn(operation.path);
  if (body === undefined)
    return [{ language: "sh", text: curlOf({ operation, url: address + path, lines: [] }) }];
  if (type === "multipart/form-data") {
    const lines = Object.entries(body).map(
      ([name, value]) => `-F ${name}=${quoteOf(String(value))}`,
    );
    return [{ language: "sh", text: curlOf({ operation, url: address + path, lines }) }];
  }
  const lines = [
    `-H "Content-Type: application/json"`,
    `-d '${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")}'`,
  ];
  return [
    { language: "sh", text: curlOf({ operation, url: address + path, lines }) },
    ...sdkSamples(operation.operationId, body, address),
  ];
}

const fillIn = (path: string): string =>
  path
    .replace("/v1beta/models/{model}", "/v1beta/models/gemini-3.8-flash")
    .replace("{project}", "prj_7Hf2LpXw9c")
    .replace("{key}", "key_9sLm2Qx4Vt")
    .replace("{model}", "claude-sonnet-5-5")
    .replace("{request}", "req_1bG7mXe5UaS9dRh2KfQ6Zc")
    .replace("{response}", "resp_68af1c");

const quoteOf = (text: string): string => (/\s/.test(text) ? `"${text}"` : text);

function curlOf({
  operation,
  url,
  lines,
}: {
  operation: ApiOperation;
  url: string;
  lines: string[];
}): string {
  const dialect = operation.tags[0];
  const headers =
    dialect === "Anthropic"
      ? [`-H "x-api-key: $ONEKEY_API_KEY"`, `-H "anthropic-version: 2023-06-01"`]
      : dialect === "Gemini"
        ? [`-H "x-goog-api-key: $ONEKEY_API_KEY"`]
        : dialect === "Management"
          ? [`-H "Authorization: Bearer $ONEKEY_MANAGEMENT_KEY"`]
          : [`-H "Authorization: Bearer $ONEKEY_API_KEY"`];
  const requiredHeaders = operation.parameters
    .filter((parameter) => parameter.in === "header" && parameter.required)
    .map(({ name, example = "" }) => `-H "${name}: ${example}"`);
  const defaultMethod = lines.length > 0 ? "POST" : "GET";
  const method = operation.method === defaultMethod ? "" : `-X ${operation.method} `;
  const output = ["audio_speech", "tts"].includes(operation.operationId) ? ["-o speech.mp3"] : [];
  return [`curl ${method}"${url}"`, ...headers, ...requiredHeaders, ...lines, ...output].join(
    " \\\n  ",
  );
}

/** The methods of the official SDKs: TypeScript, then Python. */
const methods: Record<string, { sdk: "openai" | "anthropic"; ts: string; python: string }> = {
  chat_completions: {
    sdk: "openai",
    ts: "chat.completions.create",
    python: "chat.completions.create",
  },
  responses: { sdk: "openai", ts: "responses.create", python: "responses.create" },
  embeddings: { sdk: "openai", ts: "embeddings.create", python: "embeddings.create" },
  images_generations: { sdk: "openai", ts: "images.generate", python: "images.generate" },
  moderations: { sdk: "openai", ts: "moderations.create", python: "moderations.create" },
  messages: { sdk: "anthropic", ts: "messages.create", python: "messages.create" },
  messages_count_tokens: {
    sdk: "anthropic",
    ts: "messages.countTokens",
    python: "messages.count_tokens",
  },
};

function sdkSamples(operationId: string, body: SampleBody, address: string): RequestSample[] {
  const method = methods[operationId];
  if (!method) return [];
  const base = method.sdk === "openai" ? `${address}/v1` : address;
  const name = method.sdk === "openai" ? "OpenAI" : "Anthropic";
  const packageName = method.sdk === "openai" ? "openai" : "@anthropic-ai/sdk";
  return [
    {
      language: "python",
      text: `import os
from ${method.sdk} import ${name}

client = ${name}(base_url="${base}", api_key=os.environ["ONEKEY_API_KEY"])
response = client.${method.python}(
${Object.entries(body)
  .map(([key, value]) => `    ${key}=${pythonOf(value)},`)
  .join("\n")}
)
print(response)`,
    },
    {
      language: "ts",
      text: `import ${name} from "${packageName}";

const client = new ${name}({ baseURL: "${base}", apiKey: process.env.ONEKEY_API_KEY });
const response = await client.${method.ts}({
${Object.entries(body)
  .map(([key, value]) => `  ${key}: ${scriptOf(value)},`)
  .join("\n")}
});
console.log(response);`,
    },
  ];
}

/** A JSON value as Python writes it, in one line. */
function pythonOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(", ")}]`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, item]) => `"${key}": ${pythonOf(item)}`)
      .join(", ")}}`;
  return JSON.stringify(value);
}

/** A JSON value as TypeScript writes it, in one line. */
function scriptOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scriptOf).join(", ")}]`;
  if (typeof value === "object" && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${key}: ${scriptOf(item)}`)
      .join(", ")} }`;
  return JSON.stringify(value);
}
