import type { MockRequest, ToolCall } from "./mock-response";

/** The tools by which agents run a shell command, by name, the one to prefer first. */
const SHELL_TOOLS = [
  "exec_command",
  "shell_command",
  "local_shell",
  "shell",
  "run_shell_command",
  "Bash",
  "bash",
  "execute_command",
  "run_commands",
];
/** What ends a turn in which a tool ran, in each dialect. */
const RESULT =
  /"(?:tool_result|function_call_output|custom_tool_call_output|functionResponse)"|"role":\s*"tool"/g;

/** How many results of tools a request has. */
export const resultsIn = (raw: Buffer): number => raw.toString("utf8").match(RESULT)?.length ?? 0;

type JsonObject = Record<string, unknown>;
type ToolDefinition = { name: string; isCustom: boolean; schema: JsonObject };

/** The call that a script has next: none when all of it ran, or where the agent has no shell (a request for a title). */
export function scriptedCall({ body, raw, directive }: MockRequest): ToolCall | null {
  const { shell: script, resultsBefore = 0, toolsBefore = [] } = directive;
  if (!script) return null;
  const results = resultsBefore + resultsIn(raw);
  const command = script[results];
  if (command === undefined) return null;
  const tools = toolsOf([...declaredTools(body), ...toolsBefore]);
  const tool = SHELL_TOOLS.map((name) => tools.find((candidate) => candidate.name === name)).find(
    Boolean,
  );
  if (tool) return { name: tool.name, args: argumentsOf(tool.schema, command) };
  const hasExec = tools.some(({ name, isCustom }) => isCustom && name === "exec");
  return hasExec ? { name: "exec", args: {}, input: scriptOf(command) } : null;
}

/** What a request declares as tools, in its own field and as items of its input. */
export function declaredTools({ tools, input }: JsonObject): unknown[] {
  const items = Array.isArray(input) ? input.filter(hasTools) : [];
  return [...(Array.isArray(tools) ? tools : []), ...items];
}

/** The definitions in what is declared, those in groups too. */
function toolsOf(declarations: unknown[]): ToolDefinition[] {
  const definitions: ToolDefinition[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== "object" || value === null) return;
    const tool = value as JsonObject;
    const definition = (tool.function ?? tool) as JsonObject;
    if (typeof definition.name === "string")
      definitions.push({
        name: definition.name,
        isCustom: tool.type === "custom",
        schema: (definition.parameters ??
          definition.input_schema ??
          definition.parametersJsonSchema ??
          {}) as JsonObject,
      });
    walk(tool.tools);
    walk(tool.functionDeclarations);
  };
  walk(declarations);
  return definitions;
}

/** Tools that come as an item of the input. */
const hasTools = (item: unknown): boolean =>
  typeof item === "object" && item !== null && "type" in item && item.type === "additional_tools";

function argumentsOf(
  { properties, required: requiredNames = [] }: JsonObject,
  command: string,
): JsonObject {
  const args: JsonObject = {};
  const schemas = (properties ?? {}) as Record<string, { type?: string }>;
  for (const name of ["command", "cmd"]) {
    const type = schemas[name]?.type?.toLowerCase();
    if (type) args[name] = type === "array" ? ["bash", "-lc", command] : command;
  }
  if (schemas.commands) args.commands = [command];
  for (const name of requiredNames as string[])
    args[name] ??= /bool/i.test(schemas[name]?.type ?? "") ? false : "Run a command";
  return args;
}

/** The JavaScript by which Codex's `exec` runs a command. */
const scriptOf = (command: string): string =>
  `const result = await tools.exec_command({ cmd: ${JSON.stringify(command)} });\ntext(result);\n`;
