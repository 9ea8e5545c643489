import { createHash } from "node:crypto";
import type { MockRequest } from "./mock-response";

/** What the sandbox says in plain English where no test asks for anything: one token a piece, varied by the question. */
export function proseFor(request: MockRequest): string[] | null {
  const question = lastQuestion(request);
  if (!request.demo || Object.keys(request.directive).length > 0 || question === "") return null;
  const format = wantedFormat(request.body);
  if (format !== null) return piecesOf(JSON.stringify(instanceOf(format, question)));
  if (question.split(/\s+/).length < 3) return GREETING;
  const picks = createHash("sha256").update(question).digest();
  const count = 2 + ((picks[0] ?? 0) % 4);
  const sentences: string[] = [];
  for (let at = 1; sentences.length < count && at < picks.length; at++) {
    const sentence = SENTENCES[(picks[at] ?? 0) % SENTENCES.length] ?? "";
    if (!sentences.includes(sentence)) sentences.push(sentence);
  }
  return piecesOf(`${OPENINGS[(picks[31] ?? 0) % OPENINGS.length] ?? ""} ${sentences.join(" ")}`);
}

export const piecesOf = (text: string): string[] => text.match(/\s*\S+/g) ?? [];

const GREETING = ["Hello", "!", " This", " reply", " is", " from", " the", " OneKey", " sandbox."];

const OPENINGS = [
  "This is a sample reply: the sandbox calls no model.",
  "No model was called for this reply, because OneKey runs in its sandbox.",
  "The sandbox wrote this reply, so read it for its shape and not for its content.",
];

const SENTENCES = [
  "Start with the smallest change that shows the effect, then measure it before you add more.",
  "Two causes are probable, and the logs of the last hour distinguish them.",
  "The short answer is yes, with one exception that matters only for large inputs.",
  "Write the test first, because it settles what the result should be.",
  "A table with three columns is enough: what you tried, what you expected, and what came out.",
  "If the numbers differ by more than five percent, look at how missing values are counted.",
  "Keep the old version available for a week, so that you can go back without a deployment.",
  "Most readers stop after the first paragraph, so put the decision there.",
  "The order of the steps is more important than their speed.",
  "Ask for one example of the input and one of the output, and the rest follows.",
  "It costs little to check, and it removes the largest uncertainty.",
  "Compare the result with last month's figure before you send it.",
];

/** The text of the last message of a person, in every provider's form. */
export function lastQuestion({ body }: Pick<MockRequest, "body">): string {
  if (typeof body.input === "string") return body.input.trim();
  const list = [body.messages, body.input, body.contents].find(Array.isArray) ?? [];
  const last: unknown = (list as unknown[]).at(-1);
  if (typeof last !== "object" || last === null) return "";
  const { role, content, parts } = last as Record<string, unknown>;
  if (role !== undefined && role !== "user") return "";
  const blocks = content ?? parts;
  if (typeof blocks === "string") return blocks.trim();
  return (Array.isArray(blocks) ? blocks : [])
    .map((block: { text?: unknown }) => (typeof block.text === "string" ? block.text : ""))
    .join(" ")
    .trim();
}

type Schema = {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
};

/** The schema that a request wants its response in; an empty one for any JSON; null for text. */
function wantedFormat(body: Record<string, unknown>): Schema | null {
  const at = (...path: string[]) =>
    path.reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], body);
  const schema =
    at("response_format", "json_schema", "schema") ??
    at("output_config", "format", "schema") ??
    at("text", "format", "schema") ??
    at("generationConfig", "responseSchema");
  if (typeof schema === "object" && schema !== null) return schema;
  const type = at("response_format", "type") ?? at("text", "format", "type");
  return type === "json_object" ? {} : null;
}

function instanceOf(schema: Schema, question: string): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case "number":
    case "integer":
      return Number(/\d+/.exec(question)?.[0] ?? 1);
    case "boolean":
      return true;
    case "array":
      return schema.items === undefined ? [] : [instanceOf(schema.items, question)];
    case "string":
      return "A sample value from the sandbox";
    default:
      return Object.fromEntries(
        Object.entries(schema.properties ?? { summary: { type: "string" } }).map(
          ([name, property]) => [name, instanceOf(property, question)],
        ),
      );
  }
}
