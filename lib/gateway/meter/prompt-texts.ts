import type { EndpointName } from "@/lib/catalog/schema";

/** What of a request becomes tokens: each text, and tokens that its structure adds. */
export interface PromptTexts {
  texts: string[];
  extraTokens: number;
}

/**
 * The tokens that frame a message in OpenAI's chat format, in addition to its role, and that prime the response:
 * https://developers.openai.com/cookbook/examples/how_to_count_tokens_with_tiktoken
 */
const MESSAGE_TOKENS = 3;
const PRIMING_TOKENS = 3;
/** What the rendering of one function, and of one property of its schema, adds to their texts. */
const FUNCTION_TOKENS = 7;
const PROPERTY_TOKENS = 3;
const DEPTH_MAX = 40;

type Json = Record<string, unknown>;

/** Endpoints whose bodies hold little more than texts. */
const ENDPOINTS_OF_STEPS: EndpointName[] = ["decisions", "gemini.interactions", "gemini.decisions"];
/** Fields of theirs that no model reads: names, ids, media. */
const UNREAD =
  /^(model|type|role|id|call_id|data|uri|mime_?type|image_url|signature|service_?tier|stream|store)$/i;

/**
 * The texts of a request that a provider tokenizes, by its dialect: contents, names and schemas, no JSON syntax, no ids, no
 * media. Null for a body that is no JSON object.
 */
export function promptTexts(endpoint: EndpointName, body: string): PromptTexts | null {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return null;
  }
  if (!isObject(request)) return null;
  const prompt: PromptTexts = { texts: [], extraTokens: 0 };
  if (ENDPOINTS_OF_STEPS.includes(endpoint)) addAll(request, prompt, 0);
  else if (endpoint.startsWith("gemini.")) addGemini(request, prompt);
  else if (endpoint === "messages") addMessages(request, prompt);
  else if (endpoint.startsWith("responses")) addResponses(request, prompt);
  else if (endpoint === "chat.completions") addChat(request, prompt);
  else addTexts(request.input ?? request.prompt, prompt, 0);
  return prompt;
}

function addChat(request: Json, prompt: PromptTexts): void {
  for (const message of listOf(request.messages)) {
    prompt.extraTokens += MESSAGE_TOKENS;
    add(prompt, message.role, message.name, message.reasoning_content);
    addContent(message.content, prompt);
    for (const call of [...listOf(message.tool_calls), { function: message.function_call }]) {
      const { function: callFields, custom } = call as Json;
      if (isObject(callFields)) add(prompt, callFields.name, callFields.arguments);
      if (isObject(custom)) add(prompt, custom.name, custom.input);
    }
  }
  prompt.extraTokens += PRIMING_TOKENS;
  addTools(request.tools ?? listOf(request.functions), prompt);
  const format = isObject(request.response_format) ? request.response_format.json_schema : null;
  if (isObject(format)) addFunction(format, prompt);
}

function addResponses(request: Json, prompt: PromptTexts): void {
  addItems(request.instructions, prompt);
  addItems(request.input, prompt);
  prompt.extraTokens += PRIMING_TOKENS;
  addTools(request.tools, prompt);
  const format = isObject(request.text) ? request.text.format : null;
  if (isObject(format)) addFunction(format, prompt);
}

/** Items of a response: a text, or messages, calls and their outputs. */
function addItems(items: unknown, prompt: PromptTexts): void {
  if (typeof items === "string" && items !== "") {
    prompt.extraTokens += MESSAGE_TOKENS + 1;
    add(prompt, items);
  }
  for (const item of listOf(items)) {
    prompt.extraTokens += MESSAGE_TOKENS;
    add(prompt, item.role, item.name, item.arguments, item.input);
    addContent(item.content, prompt);
    addContent(item.output, prompt);
    addContent(item.summary, prompt);
  }
}

function addMessages(request: Json, prompt: PromptTexts): void {
  addContent(request.system, prompt);
  for (const message of listOf(request.messages)) {
    prompt.extraTokens += MESSAGE_TOKENS;
    add(prompt, message.role);
    addContent(message.content, prompt);
  }
  addTools(request.tools, prompt);
}

function addGemini(request: Json, prompt: PromptTexts): void {
  const { content, contents, systemInstruction, system_instruction: system, requests } = request;
  for (const part of [content, systemInstruction, system, ...listOrOne(contents)])
    if (isObject(part)) addContent(part.parts, prompt);
  for (const entry of listOf(requests)) addGemini(entry, prompt);
  for (const tool of listOf(request.tools))
    for (const declaration of listOf(tool.functionDeclarations ?? tool.function_declarations))
      addFunction(declaration, prompt);
}

/** A text, or blocks that hold texts, calls of tools or their results. */
function addContent(content: unknown, prompt: PromptTexts, depth = 0): void {
  if (depth > DEPTH_MAX) return;
  if (typeof content === "string") add(prompt, content);
  for (const block of listOrOne(content)) {
    if (!isObject(block)) {
      if (Array.isArray(content)) add(prompt, block);
      continue;
    }
    add(prompt, block.text, block.refusal, block.thinking, block.title, block.context);
    const { functionCall, functionResponse, input } = block;
    if (block.type === "tool_use" || block.type === "server_tool_use")
      add(prompt, block.name, JSON.stringify(input ?? {}));
    if (isObject(functionCall))
      add(prompt, functionCall.name, JSON.stringify(functionCall.args ?? {}));
    if (isObject(functionResponse))
      add(prompt, functionResponse.name, JSON.stringify(functionResponse.response ?? {}));
    if (isObject(block.source) && block.source.type === "text") add(prompt, block.source.data);
    addContent(block.content, prompt, depth + 1);
  }
}

function addTools(tools: unknown, prompt: PromptTexts): void {
  for (const tool of listOf(tools)) {
    const { function: callFields, custom } = tool;
    addFunction(isObject(callFields) ? callFields : isObject(custom) ? custom : tool, prompt);
  }
}

function addFunction(definition: Json, prompt: PromptTexts): void {
  if (typeof definition.name !== "string") return;
  prompt.extraTokens += FUNCTION_TOKENS;
  add(prompt, definition.name, definition.description);
  const schema = definition.parameters ?? definition.input_schema ?? definition.schema;
  addSchema(schema, prompt, 0);
}

/** A JSON Schema as the texts of its rendering: names, types, descriptions, values. */
function addSchema(schema: unknown, prompt: PromptTexts, depth: number): void {
  if (!isObject(schema) || depth > DEPTH_MAX) return;
  add(prompt, schema.description);
  if (!isObject(schema.properties)) add(prompt, schema.type);
  for (const value of Array.isArray(schema.enum) ? schema.enum : []) {
    prompt.extraTokens += PROPERTY_TOKENS - 1;
    add(prompt, String(value));
  }
  const { properties, $defs, definitions } = schema;
  for (const schemasByName of [properties, $defs, definitions])
    for (const [name, value] of isObject(schemasByName) ? Object.entries(schemasByName) : []) {
      prompt.extraTokens += PROPERTY_TOKENS;
      add(prompt, name);
      addSchema(value, prompt, depth + 1);
    }
  for (const subschema of [
    schema.items,
    ...listOf(schema.anyOf),
    ...listOf(schema.oneOf),
    ...listOf(schema.allOf),
  ])
    addSchema(subschema, prompt, depth + 1);
}

/** The texts of an input that is a text, or lists of texts or of tokens. */
function addTexts(input: unknown, prompt: PromptTexts, depth: number): void {
  if (typeof input === "string") add(prompt, input);
  else if (typeof input === "number") prompt.extraTokens++;
  else if (Array.isArray(input) && depth < 3)
    for (const entry of input) addTexts(entry, prompt, depth + 1);
}

/** Every text of a value, with the names that its caller chose. */
function addAll(value: unknown, prompt: PromptTexts, depth: number): void {
  if (depth > DEPTH_MAX) return;
  if (typeof value === "string") add(prompt, value);
  else if (Array.isArray(value)) for (const item of value) addAll(item, prompt, depth + 1);
  else if (isObject(value))
    for (const [name, item] of Object.entries(value))
      if (!UNREAD.test(name)) addAll(item, prompt, depth + 1);
}

function add({ texts }: PromptTexts, ...values: unknown[]): void {
  for (const value of values) if (typeof value === "string" && value !== "") texts.push(value);
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const listOrOne = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
