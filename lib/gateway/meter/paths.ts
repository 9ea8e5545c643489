import type { EndpointName } from "@/lib/catalog/schema";
import { plan, type PickPlan } from "./pick";

type PathList = {
  /** Where a response states what the meter reads: path → what it is. */
  values: Record<string, string>;
  elements?: Record<string, string>;
  /** A chunk of events without any of these holds nothing to read. */
  marks: readonly string[];
  /** The text that a reader of the response sees, reasoning that is shown included. */
  text: readonly string[];
  /** The keys of a stream's visible strings, where they are not those of `text`. */
  textKeys?: readonly string[];
};

export type ResponsePaths = {
  stated: PickPlan;
  text: PickPlan;
  marks: readonly Buffer[];
  /** The keys of the strings that a reader of a stream sees. */
  textKeys: readonly string[];
};

/** What the text at a path is: a tool's name or arguments are framed by tokens that no text shows. */
const textNameOf = (path: string): string =>
  /(^|\.)(content_block|function|custom|function_call|functionCall)\.name$/.test(path)
    ? "callName"
    : /(partial_json|\.arguments|\.args|#\.input)$/.test(path)
      ? "callArguments"
      : "text";

const paths = ({ values, elements, marks, text, textKeys }: PathList): ResponsePaths => ({
  stated: plan(values, elements),
  text: plan(Object.fromEntries(text.map((path) => [path, textNameOf(path)]))),
  marks: marks.map((mark) => Buffer.from(mark)),
  textKeys: textKeys ?? [...new Set(text.map((path) => path.slice(path.lastIndexOf(".") + 1)))],
});

const CHAT = paths({
  values: { usage: "usage", model: "model", service_tier: "serviceTier", error: "error" },
  marks: ["_tokens", '"error"'],
  text: ["delta", "message"].flatMap((part) =>
    [
      "content",
      "reasoning_content",
      "reasoning",
      "refusal",
      "function_call.name",
      "function_call.arguments",
      "tool_calls.#.function.name",
      "tool_calls.#.function.arguments",
      "tool_calls.#.custom.name",
      "tool_calls.#.custom.input",
    ].map((field) => `choices.#.${part}.${field}`),
  ),
});

const ITEM = { id: "itemId", type: "itemType", "action.type": "itemAction", name: "itemName" };
const under = (prefix: string, fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).map(([path, name]) => [prefix + path, name]));
const RESPONSE = {
  id: "id",
  status: "status",
  service_tier: "serviceTier",
  model: "model",
  usage: "usage",
  "tool_usage.web_search.num_requests": "searches",
  "tool_usage.image_gen": "imageUsage",
  ...under("output.#.", ITEM),
};

const RESPONSES = paths({
  values: { ...RESPONSE, ...under("response.", RESPONSE), ...under("item.", ITEM), type: "type" },
  // The last events of an item repeat what its deltas said.
  textKeys: ["delta"],
  marks: ['"id"'],
  text: [
    "delta",
    ...["content.#.text", "summary.#.text", "arguments", "input"].map(
      (field) => `output.#.${field}`,
    ),
  ],
});

const MESSAGES = paths({
  values: {
    "message.model": "model",
    model: "model",
    "message.usage": "startUsage",
    usage: "usage",
    type: "type",
    error: "error",
    ...under("content_block.", { ...ITEM, "content.content.source.type": "sourceType" }),
  },
  marks: ["message_", 'tool_use"', "_tool_result", '"error"'],
  text: [
    "delta.text",
    "delta.thinking",
    "delta.partial_json",
    "content_block.name",
    "content.#.text",
    "content.#.thinking",
    "content.#.input",
  ],
});

/** Fields of an object, and of the elements of a list of such objects. */
const oneOrMany = (fields: Record<string, string>) => ({ ...fields, ...under("#.", fields) });
const GEMINI_TEXT = [
  "candidates.#.content.parts.#.text",
  "candidates.#.content.parts.#.functionCall.args",
];

const GEMINI = paths({
  values: oneOrMany({
    usageMetadata: "usage",
    modelVersion: "model",
    "candidates.#.finishReason": "finish",
    "candidates.#.groundingMetadata.webSearchQueries": "queries",
    "candidates.#.groundingMetadata.imageSearchQueries": "imageQueries",
    "promptFeedback.blockReason": "finish",
    error: "error",
  }),
  marks: ["TokenCount", "SearchQueries", '"error"'],
  text: GEMINI_TEXT.flatMap((path) => [path, `#.${path}`]),
});

/** The steps of an interaction: https://ai.google.dev/gemini-api/docs/interactions */
const INTERACTION_FIELDS = {
  usage: "usage",
  model: "model",
  service_tier: "serviceTier",
  status: "status",
};
const INTERACTION = paths({
  values: {
    ...INTERACTION_FIELDS,
    ...under("interaction.", INTERACTION_FIELDS),
    error: "error",
  },
  marks: ["_tokens", '"status"', '"error"'],
  textKeys: ["text", "arguments"],
  text: ["delta", "steps.#"].flatMap((part) =>
    ["text", "arguments", "content.text", "content.#.text", "summary.#.text"].map(
      (field) => `${part}.${field}`,
    ),
  ),
});

const IMAGES = paths({
  values: { usage: "usage", model: "model", type: "type" },
  elements: { "data.#": "image" },
  marks: ["_tokens", ".completed"],
  text: [],
});

const TRANSCRIPTION = paths({
  values: { usage: "usage", type: "type", duration: "duration" },
  marks: ["_tokens", "seconds", "text.done"],
  text: ["delta", "text"],
});

const PLAIN = paths({
  values: { usage: "usage", model: "model", type: "type" },
  marks: ["_tokens", ".done"],
  text: [],
});

/** Endpoints that bill nothing: any response of theirs is an explicit zero. */
export const COSTLESS: ReadonlySet<EndpointName> = new Set<EndpointName>([
  "moderations",
  "responses.input_tokens",
  "messages.count_tokens",
  "gemini.countTokens",
]);

/** Endpoints that put out no tokens, whatever the model. */
export const DECISIONS: ReadonlySet<EndpointName> = new Set<EndpointName>([
  "decisions",
  "gemini.decisions",
]);

export function pathsOf(endpoint: EndpointName): ResponsePaths {
  switch (endpoint) {
    case "chat.completions":
      return CHAT;
    case "responses":
    case "responses.compact":
      return RESPONSES;
    case "messages":
      return MESSAGES;
    case "gemini.generateContent":
    case "gemini.streamGenerateContent":
    case "gemini.embedContent":
    case "gemini.batchEmbedContents":
      return GEMINI;
    case "gemini.interactions":
      return INTERACTION;
    case "images.generations":
    case "images.edits":
      return IMAGES;
    case "audio.transcriptions":
    case "audio.translations":
    case "stt":
      return TRANSCRIPTION;
    default:
      return PLAIN;
  }
}
