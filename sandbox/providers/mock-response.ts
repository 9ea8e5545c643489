import { chooseTool, type ToolSchema } from "./choose-tool";
import type { MockDirective } from "./directive";
import { proseFor } from "./prose";
import { scriptedCall } from "./tool-script";

export type ProviderName = "openai" | "anthropic" | "google" | "xai";

/** A request as a mock reads it: `body` is the JSON, or the plain fields of a form. */
export type MockRequest = {
  provider: ProviderName;
  path: string;
  query: string;
  body: Record<string, unknown>;
  raw: Buffer;
  directive: MockDirective;
  /** Whether people read the responses, and not only tests. */
  demo: boolean;
};

/** A response: one body, or the chunks of a stream. */
export type MockResponse = { type: string; body?: Buffer | string; events?: string[] };

export const json = (value: unknown): MockResponse => ({
  type: "application/json",
  body: JSON.stringify(value),
});
export const events = (list: string[]): MockResponse => ({
  type: "text/event-stream; charset=utf-8",
  events: list,
});
export const event = (data: unknown, name?: string): string =>
  `${name ? `event: ${name}\n` : ""}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
/** An event whose name is its type, as the Responses API and Anthropic send them. */
export const typedEvent = (type: string, fields: Record<string, unknown> = {}): string =>
  event({ type, ...fields }, type);

let counter = 0;
export const id = (prefix: string): string =>
  `${prefix}${Date.now().toString(36)}${(counter++).toString(36).padStart(6, "0")}`;
export const now = (): number => Math.floor(Date.now() / 1000);

const WORDS = ["Hello", " from", " the", " sandbox", ":", " grüße", ", 世界", " 🌍", "."];

/** What is said: a token a piece, thought first, no more than the request's limit. */
export function write(
  request: MockRequest,
  {
    limit,
    reasoning = 0,
    text = request.directive.text,
  }: { limit?: unknown; reasoning?: number; text?: string },
) {
  const { directive } = request;
  const prose = text === undefined ? proseFor(request) : null;
  const output =
    text === undefined
      ? (prose ??
        Array.from(
          { length: directive.chunks ?? WORDS.length },
          (_, i) => WORDS[i % WORDS.length] ?? "",
        ))
      : [text];
  const maxTokens = typeof limit === "number" && limit > 0 ? limit : Infinity;
  const reasoningTokens = Math.min(reasoning, maxTokens);
  const pieces = output.slice(0, Math.max(0, maxTokens - reasoningTokens));
  return { pieces, thought: reasoningTokens, isCut: reasoningTokens + output.length > maxTokens };
}

/** Input as tokens: four bytes of text each, an image or audio as a flat number. */
export function inputTokens(...parts: unknown[]): number {
  let [bytes, media] = [0, 0];
  const walk = (value: unknown): void => {
    if (typeof value === "string") {
      if (value.startsWith("data:") || (value.length > 10_000 && !value.includes(" "))) media++;
      else bytes += Buffer.byteLength(value);
    } else if (typeof value === "object" && value !== null)
      for (const child of Object.values(value)) walk(child);
  };
  parts.forEach(walk);
  return Math.max(1, Math.ceil(bytes / 4)) + media * 85;
}

/** Tokens that were read from a cache, of so many. */
export const cachedOf = (tokens: number): number => Math.min(10, tokens - 1);

/** `input` is the text of a custom tool, which has no arguments. */
export type ToolCall = { name: string; args: Record<string, unknown>; input?: string };

/**
 * The function of the request that is called, once and before a result has come: its first one when it is asked about the
 * weather, else one whose name the last message of a person has in it.
 */
export function callIn(request: MockRequest): ToolCall | null {
  const { body, raw, directive } = request;
  if (directive.shell) return scriptedCall(request);
  const toolResultMarks = [
    '"tool_result"',
    '"role":"tool"',
    "functionResponse",
    "function_call_output",
  ];
  if (toolResultMarks.some((mark) => raw.includes(mark))) return null;
  const asksForWeather = raw.includes("weather in");
  const words = asksForWeather ? "" : lastWords(body.messages);
  const tools = (Array.isArray(body.tools) ? body.tools : []) as Record<string, unknown>[];
  const functions = tools.flatMap(
    (tool) => (tool.functionDeclarations ?? tool.function_declarations ?? tool) as object,
  );
  const toolDefinitions = (functions as Record<string, unknown>[]).flatMap((tool) => {
    const definition = (tool.function ?? tool) as Record<string, unknown>;
    if (typeof definition.name !== "string") return [];
    const schema = (definition.parameters ??
      definition.input_schema ??
      definition.parametersJsonSchema ??
      {}) as ToolSchema;
    return [{ name: definition.name, schema }];
  });
  const namedTool = toolDefinitions.find(
    ({ name }) => asksForWeather || (words !== "" && words.includes(name.replaceAll("_", " "))),
  );
  return namedTool
    ? { name: namedTool.name, args: argumentsFor(namedTool.schema) }
    : chooseTool(request, toolDefinitions);
}

function lastWords(messages: unknown): string {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  const content =
    typeof last === "object" && last !== null && "content" in last ? last.content : "";
  return typeof content === "string" ? content.toLowerCase() : "";
}

function argumentsFor({
  properties = {},
  required: requiredNames = [],
}: ToolSchema): Record<string, unknown> {
  const value = ({ type = "string", enum: choices }: { type?: string; enum?: unknown[] }) =>
    choices?.[0] ??
    (/^(number|integer)$/i.test(type) ? 1 : /^boolean$/i.test(type) ? true : "Paris");
  return Object.fromEntries(requiredNames.map((name) => [name, value(properties[name] ?? {})]));
}
