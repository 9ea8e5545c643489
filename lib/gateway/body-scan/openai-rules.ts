import {
  addDefinition,
  addTools,
  groupRule,
  booleanOnce,
  objectOnce,
  textOnce,
  integerOnce,
  partModel,
  partValue,
  partText,
  partType,
  reasoningSetting,
  refuse,
  type ScanRule,
} from "./draft";
import { mediaData, openAiMedia, contentPartRule } from "./media";
import { fieldTable, textOf } from "./field-rules";
import { choices, outputLimit, rootRule, store, toolRequestRule } from "./root-rule";
import { NO_BOUNDS } from "./schema";
import {
  anyStructure,
  background,
  contextManagement,
  UNCHECKED,
  ROOT_STORED_IDS,
  objectRule,
  STORED_IDS,
  voice,
} from "./stored-fields";

const cacheTtl = textOnce("prompt_cache_options.ttl", ({ scan }, text) => {
  if (text !== "30m" && text !== "12h")
    refuse(
      "prompt_cache_options.ttl",
      "The catalog has prices for a prompt_cache_options.ttl of 30m and 12h only.",
    );
  scan.longCache = text === "12h";
});
/** A stored response to compare the cached prefix with. It must belong to this account, as every referenced response. */
const comparedResponse = textOnce(
  "prompt_cache_options.comparison_response_id",
  ({ scan }, text) => (scan.comparedResponseId = text),
);
export const promptCacheOptions = objectOnce(
  "prompt_cache_options",
  fieldTable(
    { ...STORED_IDS, ttl: cacheTtl, comparison_response_id: comparedResponse },
    anyStructure,
  ),
);

export const part: ScanRule = contentPartRule({ annotations: UNCHECKED, logprobs: UNCHECKED });
const content: ScanRule = { items: part };

/** Where a shell runs: at the caller, or in a container that the provider charges for. */
const environment: ScanRule = objectRule({
  type: {
    on: (token, draft) => {
      if (token.kind !== "string" || textOf(token) === "local") return;
      draft.scan.tools.push("container");
      draft.scan.toolBounds.push(NO_BOUNDS);
    },
  },
});

const format = partText((open, text) => open.formats.push(text));
const svg = partValue((open) => open.formats.push("svg"));
/** The caller runs these; a namespace groups tools, each of which is counted by its own type. */
const RUN_BY_CALLER = new Set(["function", "custom", "namespace"]);

const tool: ScanRule = {};
Object.assign(
  tool,
  groupRule(
    objectRule({
      type: partType,
      model: partModel,
      output_format: format,
      svg,
      container: ROOT_STORED_IDS.container,
      tools: { items: tool },
      function: UNCHECKED,
      custom: UNCHECKED,
      format: UNCHECKED,
      parameters: UNCHECKED,
      output_schema: UNCHECKED,
      input_schema: UNCHECKED,
      headers: UNCHECKED,
      filters: UNCHECKED,
      input_image_mask: objectRule(openAiMedia),
      environment,
    }),
    (open, draft) => {
      if (open.types.includes("image_generation") && open.formats.includes("svg"))
        refuse(
          "tools",
          "An image tool that writes SVG runs another model, whose use is not stated. Ask for png, webp or jpeg.",
        );
      addTools(
        open,
        open.types.filter((type) => !RUN_BY_CALLER.has(type)),
        draft,
      );
      addDefinition(open, draft);
    },
  ),
);

/** A predicted output, as a text or in parts: its rejected tokens are billed as output. */
const predictedText: ScanRule = {
  on: (token, { scan }) => {
    if (token.kind === "string") scan.predictedBytes += token.end - token.start;
  },
};
const predictedContent: ScanRule = { ...predictedText, items: objectRule({ text: predictedText }) };

const includeUsage = booleanOnce(
  "stream_options.include_usage",
  ({ scan }, flag) => (scan.includeUsage = flag),
);
const options = objectOnce(
  "stream_options",
  fieldTable({ include_usage: includeUsage }, anyStructure),
);
const streamOptions: ScanRule = {
  ...options,
  on: (token, draft) => {
    options.on?.(token, draft);
    draft.scan.streamOptionsAt = token.kind === "object" ? token.start : "null";
  },
};

export const chat = rootRule({
  n: choices,
  store,
  background,
  max_tokens: outputLimit("max_tokens"),
  max_completion_tokens: outputLimit("max_completion_tokens"),
  prompt_cache_options: promptCacheOptions,
  stream_options: streamOptions,
  speed: textOnce("speed", ({ scan }, text) => (scan.speed = text)),
  inference_geo: textOnce("inference_geo", ({ scan }, text) => (scan.inferenceGeo = text)),
  messages: {
    items: objectRule({
      content,
      audio: objectRule({
        id: {
          on: (token) => {
            if (token.kind !== "null")
              refuse(
                "audio.id",
                "The field audio.id names audio stored at a provider, so it is not supported. Send its transcript as text instead.",
              );
          },
        },
      }),
      tool_calls: UNCHECKED,
      function_call: UNCHECKED,
    }),
  },
  tools: { items: tool },
  prediction: objectRule({ content: predictedContent }),
  audio: objectRule({ voice }),
  reasoning_effort: reasoningSetting,
  web_search_options: toolRequestRule("web_search"),
  search_parameters: toolRequestRule("live_search"),
  functions: UNCHECKED,
  function_call: UNCHECKED,
  tool_choice: UNCHECKED,
  response_format: UNCHECKED,
  logit_bias: UNCHECKED,
});

/** An input item. Where the provider would fetch an earlier one by its id, that id must belong to this account. */
export const item: ScanRule = groupRule(
  objectRule({
    type: partType,
    id: partText((open, id) => open.ids.push(id)),
    role: partValue((open) => (open.hasRole = true)),
    content,
    output: { ...part, items: part },
    encrypted_content: {
      on: (token, draft) => {
        const open = draft.parts.at(-1);
        if (open && token.kind === "string" && token.end > token.start) open.hasContent = true;
      },
    },
    result: {
      on: (token, draft) => {
        const open = draft.parts.at(-1);
        if (open && token.kind === "string" && token.end > token.start) open.hasContent = true;
        mediaData("image").on?.(token, draft);
      },
    },
    tools: { items: tool },
    arguments: UNCHECKED,
    results: UNCHECKED,
    outputs: UNCHECKED,
    error: UNCHECKED,
  }),
  ({ types, ids, hasRole, hasContent }, draft) => {
    const isReference =
      types.includes("item_reference") ||
      (types.length === 0 && !hasRole) ||
      (!hasContent && (types.includes("reasoning") || types.includes("image_generation_call")));
    if (isReference) draft.scan.itemReferences.push(...ids);
  },
);

export const responses = rootRule({
  store,
  background,
  reasoning: objectRule({ effort: reasoningSetting }),
  max_output_tokens: outputLimit("max_output_tokens"),
  max_tool_calls: integerOnce(
    "max_tool_calls",
    { min: 0 },
    ({ scan }, value) => (scan.maxToolCalls = value),
  ),
  prompt_cache_options: promptCacheOptions,
  previous_response_id: textOnce(
    "previous_response_id",
    ({ scan }, text) => (scan.previousResponseId = text),
  ),
  context_management: contextManagement,
  generate: booleanOnce("generate", ({ scan }, flag) => (scan.isWarmUp = !flag)),
  type: textOnce("type", ({ scan }, text) => (scan.eventType = text)),
  stream_id: textOnce("stream_id", ({ scan }, text) => (scan.streamId = text)),
  input: { items: item },
  instructions: { items: item },
  tools: { items: tool },
  search_parameters: toolRequestRule("live_search"),
  text: UNCHECKED,
  tool_choice: UNCHECKED,
});
