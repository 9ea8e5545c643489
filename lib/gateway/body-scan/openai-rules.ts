import {
  addDefinition,
  grouped,
  onceCharacters,
  onceFlag,
  onceObject,
  onceText,
  onceWhole,
  partHas,
  partText,
  partType,
  refuse,
  type DraftPlace,
} from "./draft";
import { mediaData, mediaField, openAiMedia, shownPart } from "./media";
import { fields, textOf } from "./field-rules";
import { anywhere, background, FREE, ROOT_STORED, shape, STORED, voice } from "./stored-fields";

const model = onceText("model", (draft, text) => (draft.model = text));
const serviceTier = onceText("service_tier", (draft, text) => (draft.scan.serviceTier = text));
const stream = onceFlag("stream", (draft, flag) => (draft.scan.stream = flag));
const store = onceFlag("store", (draft, flag) => (draft.scan.store = flag));
const n = onceWhole("n", { least: 1, most: 128 }, (draft, value) => (draft.scan.choices = value));

const cacheTtl = onceText("prompt_cache_options.ttl", ({ scan }, text) => {
  if (text !== "30m" && text !== "12h")
    refuse(
      "prompt_cache_options.ttl",
      "The catalogue has a price for a prompt_cache_options.ttl of 30m and of 12h only.",
    );
  scan.longCache = text === "12h";
});
/** A stored response to compare the cached prefix with; like any reference, only one that this account was given. */
const comparedResponse = onceText(
  "prompt_cache_options.comparison_response_id",
  ({ scan }, text) => (scan.comparedResponseId = text),
);
const promptCacheOptions = onceObject(
  "prompt_cache_options",
  fields({ ...STORED, ttl: cacheTtl, comparison_response_id: comparedResponse }, anywhere),
);

/** A limit of output; of two the larger is held for, since a provider may go by either. */
export const outputLimit = (name: string, least = 1): DraftPlace =>
  onceWhole(
    name,
    { least },
    ({ scan }, value) => (scan.outputLimit = Math.max(scan.outputLimit ?? 0, value)),
  );

/** What every body of these dialects may have at its root. */
export const root = (named: Record<string, DraftPlace | undefined>): DraftPlace => ({
  ...shape({ ...ROOT_STORED, model, stream, service_tier: serviceTier, metadata: FREE, ...named }),
  on: (token) => {
    if (token.kind !== "object") refuse("body", "The body must be a JSON object.");
  },
});

/** A field whose presence alone asks the provider for a tool of its own. */
export const asksFor = (tool: string): DraftPlace => ({
  ...anywhere,
  on: (token, draft) => {
    if (token.kind !== "null" && token.kind !== "false") draft.scan.tools.push(tool);
  },
});

const part: DraftPlace = shownPart({ annotations: FREE, logprobs: FREE });
const content: DraftPlace = { items: part };

/** Where a shell runs: with the caller, or in a container that the provider charges for. */
const environment: DraftPlace = shape({
  type: {
    on: (token, draft) => {
      if (token.kind === "string" && textOf(token) !== "local") draft.scan.tools.push("container");
    },
  },
});

const tool: DraftPlace = {};
Object.assign(
  tool,
  grouped(
    shape({
      ...{ type: partType, container: ROOT_STORED.container, tools: { items: tool } },
      ...{
        function: FREE,
        custom: FREE,
        format: FREE,
        parameters: FREE,
        output_schema: FREE,
        input_schema: FREE,
      },
      ...{ headers: FREE, filters: FREE, input_image_mask: shape(openAiMedia), environment },
    }),
    (open, draft) => {
      draft.scan.tools.push(
        ...open.types.filter((type) => type !== "function" && type !== "custom"),
      );
      addDefinition(open, draft);
    },
  ),
);

const includeUsage = onceFlag(
  "stream_options.include_usage",
  ({ scan }, flag) => (scan.includeUsage = flag),
);
const options = onceObject("stream_options", fields({ include_usage: includeUsage }, anywhere));
const streamOptions: DraftPlace = {
  ...options,
  on: (token, draft) => {
    options.on?.(token, draft);
    draft.scan.streamOptionsAt = token.kind === "object" ? token.start : "null";
  },
};

export const chat = root({
  n,
  store,
  background,
  max_tokens: outputLimit("max_tokens"),
  max_completion_tokens: outputLimit("max_completion_tokens"),
  prompt_cache_options: promptCacheOptions,
  stream_options: streamOptions,
  speed: onceText("speed", ({ scan }, text) => (scan.speed = text)),
  inference_geo: onceText("inference_geo", ({ scan }, text) => (scan.inferenceGeo = text)),
  messages: {
    items: shape({
      content,
      audio: shape({
        id: {
          on: (token) => {
            if (token.kind !== "null")
              refuse(
                "audio.id",
                "The field audio.id names a sound stored at a provider, so it is not served. Send its transcript as text instead.",
              );
          },
        },
      }),
      tool_calls: FREE,
      function_call: FREE,
    }),
  },
  tools: { items: tool },
  prediction: shape({ content }),
  audio: shape({ voice }),
  web_search_options: asksFor("web_search"),
  search_parameters: asksFor("live_search"),
  ...{
    functions: FREE,
    function_call: FREE,
    tool_choice: FREE,
    response_format: FREE,
    logit_bias: FREE,
  },
});

/** Where the provider would fetch an earlier item by its id, which must then be one that this account was given. */
const item: DraftPlace = grouped(
  shape({
    type: partType,
    id: partText((open, id) => open.ids.push(id)),
    role: partHas((open) => (open.hasRole = true)),
    content,
    output: { ...part, items: part },
    encrypted_content: {
      on: (token, draft) => {
        const open = draft.parts.at(-1);
        if (open && token.kind === "string" && token.end > token.start) open.isWhole = true;
      },
    },
    result: {
      on: (token, draft) => {
        const open = draft.parts.at(-1);
        if (open && token.kind === "string" && token.end > token.start) open.isWhole = true;
        mediaData("image").on?.(token, draft);
      },
    },
    tools: { items: tool },
    ...{ arguments: FREE, results: FREE, outputs: FREE, error: FREE },
  }),
  ({ types, ids, hasRole, isWhole }, draft) => {
    const isReference =
      types.includes("item_reference") ||
      (types.length === 0 && !hasRole) ||
      (!isWhole && (types.includes("reasoning") || types.includes("image_generation_call")));
    if (isReference) draft.scan.itemReferences.push(...ids);
  },
);

export const responses = root({
  store,
  background,
  max_output_tokens: outputLimit("max_output_tokens"),
  prompt_cache_options: promptCacheOptions,
  previous_response_id: onceText(
    "previous_response_id",
    ({ scan }, text) => (scan.previousResponseId = text),
  ),
  input: { items: item },
  instructions: { items: item },
  tools: { items: tool },
  search_parameters: asksFor("live_search"),
  ...{ text: FREE, tool_choice: FREE },
});

export const embeddings = root({ background });
export const moderations = root({ background, input: { items: part } });

/** A second model, whose tokens the usage may not state. */
const secondModel: DraftPlace = {
  on: (token) => {
    if (token.kind !== "null")
      refuse(
        "svg.model",
        "The field svg.model is not supported: it runs a second model, whose price this request does not name. Leave it out.",
      );
  },
};

const picture: DraftPlace = mediaField("image_url", "image");
const pictures: DraftPlace = { ...picture, items: picture };
export const images = root({
  n,
  size: onceText("size", ({ scan }, text) => (scan.size = text)),
  quality: onceText("quality", ({ scan }, text) => (scan.quality = text)),
  resolution: onceText("resolution", ({ scan }, text) => (scan.resolution = text)),
  response_format: onceText("response_format", ({ scan }, text) => (scan.responseFormat = text)),
  svg: shape({ model: secondModel }),
  ...{ image: pictures, images: pictures, image_url: pictures, mask: picture },
});

export const speech = root({
  background,
  input: onceCharacters("input", ({ scan }, characters) => (scan.characters = characters)),
  voice,
});
