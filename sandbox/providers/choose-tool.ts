import type { MockRequest, ToolCall } from "./mock-response";
import { lastQuestion } from "./prose";

type ToolFunction = { name: string; schema: ToolSchema };
export type ToolSchema = {
  properties?: Record<string, { type?: string; enum?: unknown[] }>;
  required?: string[];
};

/** The function that a question is about: the one whose name has most words of it. How-to questions get the topic's. */
export function chooseTool(request: MockRequest, functions: ToolFunction[]): ToolCall | null {
  if (!request.demo || Object.keys(request.directive).length > 0) return null;
  const question = lastQuestion(request).toLowerCase();
  if (question === "") return null;
  const scores = functions.map((tool) => ({
    tool,
    score: tool.name.split(/[_-]/).reduce((sum, word) => sum + scoreOf(question, word), 0),
  }));
  const best = scores.toSorted((a, b) => b.score - a.score)[0];
  const asksHow = /^how (do|can|to)\b/.test(question)
    ? functions.find(({ name }) => name === "how_to")
    : undefined;
  const choice = asksHow ?? (best && best.score > 0 ? best.tool : undefined);
  return choice ? { name: choice.name, args: argumentsOf(choice.schema, question) } : null;
}

const SMALL_WORDS = new Set(["the", "get", "set", "how", "for", "and", "use"]);

/** Whether a question has a word of a name, also in the singular; "by model" counts twice. */
function scoreOf(question: string, word: string): number {
  if (word.length < 3 || SMALL_WORDS.has(word)) return 0;
  const stem = word.replace(/s$/, "");
  if (!new RegExp(`\\b${stem}`).test(question)) return 0;
  return question.includes(`by ${stem}`) ? 2 : 1;
}

/** What a question gives for each argument: the choice it names, its number, or its last word. */
function argumentsOf(
  { properties = {}, required: requiredNames = [] }: ToolSchema,
  question: string,
) {
  const names = Object.keys(properties).filter(
    (name) => requiredNames.includes(name) || question.includes(name),
  );
  return Object.fromEntries(
    names.map((name) => [name, valueOf(properties[name] ?? {}, question)] as const),
  );
}

function valueOf({ type, enum: choices }: { type?: string; enum?: unknown[] }, question: string) {
  if (choices) return choices.find((choice) => question.includes(String(choice))) ?? choices[0];
  const number = /\d+/.exec(question)?.[0];
  if (type === "number" || type === "integer") return Number(number ?? 1);
  if (type === "boolean") return true;
  if (type === "array") return [number ?? lastWord(question)];
  return number ?? lastWord(question);
}

const lastWord = (question: string) => /([\w-]+)\W*$/.exec(question)?.[1] ?? "";
