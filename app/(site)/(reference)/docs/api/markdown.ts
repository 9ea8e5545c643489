import { costHeaders, errorHeaders, retryHeaders } from "@/app/openapi.json/headers";
import { statusTexts } from "@/app/openapi.json/statuses";
import {
  fieldsOf,
  referenceOf,
  shapeOf,
  successOf,
  type SchemaField,
  type ApiOperation,
} from "./reference";
import { samplesOf } from "./samples";

/** The API reference as Markdown. */
export function referenceMarkdown(document: Record<string, unknown>): string {
  const { operations, schemas, securitySchemes, tags } = referenceOf(document);
  const [server] = document.servers as { url: string }[];
  const address = server?.url ?? "";
  const headers = Object.entries({ ...errorHeaders, ...costHeaders, ...retryHeaders });
  return [
    "# API reference",
    `> Every endpoint that OneKey serves. The OpenAPI document: ${address}/openapi.json.`,
    "## Authentication",
    Object.values(securitySchemes)
      .map(({ name, description }) => `- \`${name ?? "Authorization: Bearer"}\`: ${description}`)
      .join("\n"),
    "## Headers of responses",
    headers.map(([name, { description }]) => `- \`${name}\`: ${description}`).join("\n"),
    "## Errors",
    Object.entries(statusTexts)
      .map(([status, { meaning, remedy }]) => `- ${status}: ${meaning} ${remedy}`)
      .join("\n"),
    ...tags.flatMap((tag) => [
      `## ${tag}`,
      ...operations
        .filter((operation) => operation.tags.includes(tag))
        .map((operation) => operationMarkdown(operation, schemas, address)),
    ]),
    "",
  ].join("\n\n");
}

function operationMarkdown(
  operation: ApiOperation,
  schemas: ReturnType<typeof referenceOf>["schemas"],
  address: string,
): string {
  const { method, path, summary, description, parameters, requestBody } = operation;
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const response = successOf(operation);
  const shape = shapeOf(response);
  const example = Object.values(response.content ?? {})[0]?.example;
  const stream = response.content?.["text/event-stream"]?.example;
  return [
    `### ${summary}`,
    `\`${method} ${path}\``,
    description,
    ...parameters.map(({ name, description: text }) => `- \`${name}\`: ${text}`),
    ...(body ? ["Body:", fieldList(fieldsOf(body))] : []),
    "```sh\n" + (samplesOf(operation, address)[0]?.text ?? "") + "\n```",
    ...(example === undefined ? [] : ["```json\n" + JSON.stringify(example, null, 2) + "\n```"]),
    ...(typeof stream === "string" ? ["As a stream:", "```\n" + stream.trimEnd() + "\n```"] : []),
    ...(shape && schemas[shape] ? ["Response:", fieldList(fieldsOf(schemas[shape]))] : []),
  ].join("\n\n");
}

const fieldList = (fields: SchemaField[]): string =>
  fields
    .map(
      ({ name, type, required, description }) =>
        `- \`${name}\` (${type}${required ? ", required" : ""}): ${description}`,
    )
    .join("\n");
