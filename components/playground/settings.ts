import type { ResponseFormat } from "@/lib/playground/schema";

/** The parameters of a request. What is undefined is not sent. */
export interface PlaygroundSettings {
  system: string;
  maxOutput: number;
  temperature?: number | undefined;
  topP?: number | undefined;
  topK?: number | undefined;
  stop?: string | undefined;
  effort?: string | undefined;
  format: ResponseFormat;
  /** JSON, as written. */
  schema: string;
  /** JSON, as written. */
  tools: string;
}

export const FIRST_SETTINGS: PlaygroundSettings = {
  system: "",
  maxOutput: 4_096,
  format: "text",
  schema: `{
  "type": "object",
  "properties": { "summary": { "type": "string" } },
  "required": ["summary"],
  "additionalProperties": false
}`,
  tools: "",
};

export interface FunctionTool {
  name: string;
  description?: string | undefined;
  parameters: unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The functions of a JSON text, in OpenAI's or Anthropic's form, or what is wrong with it. */
export function parseTools(text: string): { tools: FunctionTool[]; problem: string | null } {
  if (text.trim() === "") return { tools: [], problem: null };
  const { value, problem } = parseJson(text);
  if (problem !== null) return { tools: [], problem };
  if (!Array.isArray(value)) return { tools: [], problem: "Write a list of functions: [ { … } ]." };
  const tools: FunctionTool[] = [];
  for (const [index, entry] of value.entries()) {
    const tool: unknown = isRecord(entry) && isRecord(entry.function) ? entry.function : entry;
    if (!isRecord(tool) || typeof tool.name !== "string" || !/^[\w-]{1,64}$/.test(tool.name))
      return {
        tools: [],
        problem: `Function ${index + 1} needs a name of letters, digits, _ and -.`,
      };
    const parameters = tool.parameters ?? tool.input_schema ?? { type: "object", properties: {} };
    if (!isRecord(parameters))
      return { tools: [], problem: `The parameters of ${tool.name} must be a JSON schema.` };
    const { name, description } = tool;
    tools.push({ name, parameters, ...(typeof description === "string" ? { description } : {}) });
  }
  return { tools, problem: null };
}

/** The schema of a JSON text, or what is wrong with it. */
export function parseSchema(text: string): { schema: unknown; problem: string | null } {
  const { value, problem } = parseJson(text);
  if (problem !== null) return { schema: null, problem };
  return isRecord(value)
    ? { schema: value, problem: null }
    : { schema: null, problem: "Write a JSON schema: { … }." };
}

function parseJson(text: string): { value: unknown; problem: string | null } {
  try {
    return { value: JSON.parse(text), problem: null };
  } catch (error) {
    return { value: null, problem: `This is not valid JSON${placeText(text, error)}.` };
  }
}

/** ", line 3, column 7", where the browser says so. */
function placeText(text: string, error: unknown): string {
  const position = /position (\d+)/.exec(String(error))?.[1];
  if (position === undefined) return "";
  const before = text.slice(0, Number(position)).split("\n");
  return `, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
