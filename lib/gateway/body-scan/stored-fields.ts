import {
  addDefinition,
  addTools,
  groupRule,
  partModel,
  partNumber,
  partType,
  refuse,
  type ScanRule,
} from "./draft";
import { fieldTable, headOf, textOf, type JsonToken } from "./field-rules";

const WHY =
  "names something stored at a provider, where all customers of OneKey share one credential, so it is not supported";

const content = "Send the content itself: inline as base64, or by a public URL.";
const turns = "Send the earlier turns in the request instead.";
const searchAdvice =
  "Send the passages in the request, or search them with your own function tool.";

/** FieldTable whose value is an id at a provider, wherever a dialect reads structure rather than free-form content. */
const ADVICE: Record<string, string> = {
  file_id: content,
  file_ids: content,
  input_file_id: content,
  input_file_ids: content,
  fileUri: "Send the bytes as inlineData, or a public https address.",
  file_uri: "Send the bytes as inlineData, or a public https address.",
  container_id: 'Leave it out, or send {"type":"auto"} for a new container.',
  vector_store_id: searchAdvice,
  vector_store_ids: searchAdvice,
  collection_id: searchAdvice,
  collection_ids: searchAdvice,
  fileSearchStoreNames: searchAdvice,
  file_search_store_names: searchAdvice,
  cachedContent:
    "Send the content in the request instead: the providers cache repeated prefixes automatically.",
  cached_content:
    "Send the content in the request instead: the providers cache repeated prefixes automatically.",
  conversation_id: turns,
  previous_message_id: turns,
};

/** A field that is refused unless it is null or an empty list. */
export function storedIdRule(name: string, advice: string): ScanRule {
  const rule: ScanRule = {
    on: (token) => {
      if (token.kind !== "null" && token.kind !== "array")
        refuse(name, `The field ${name} ${WHY}. ${advice}`);
    },
  };
  rule.items = rule;
  return rule;
}

export const conversation = storedIdRule("conversation", turns);
export const skillId: ScanRule = {
  on: (token) => {
    // A skill that a provider publishes has a plain name; one that a customer uploaded has an id with this prefix.
    if (token.kind === "string" && headOf(token, 36).startsWith("skill_"))
      refuse(
        "skill_id",
        `The field skill_id ${WHY}. Use one of the provider's own skills, or put the text in the request.`,
      );
  },
};

export const STORED_IDS: Record<string, ScanRule> = {
  ...Object.fromEntries(
    Object.entries(ADVICE).map(([name, advice]) => [name, storedIdRule(name, advice)]),
  ),
  skill_id: skillId,
};

/** Free-form content of callers, tools and models: nothing in it refers to an object of a provider. */
export const UNCHECKED = undefined;

/** JSON Schemas, in which the caller chooses the keys. */
const SCHEMAS: Record<string, undefined> = {
  input_schema: UNCHECKED,
  inputSchema: UNCHECKED,
  output_schema: UNCHECKED,
  outputSchema: UNCHECKED,
  parameters: UNCHECKED,
  parametersJsonSchema: UNCHECKED,
  parameters_json_schema: UNCHECKED,
  json_schema: UNCHECKED,
  properties: UNCHECKED,
  input_examples: UNCHECKED,
};

/** Types of tools that the caller runs, and of references to a tool. The provider runs every other type. */
export const CALLER_TOOLS =
  /^((function|custom|namespace|tool_reference|tool_definition)$|bash_|text_editor_|memory_)/;

/** Structure that no rule describes: at any depth, ids of stored objects are refused and tools are counted. */
export const anyStructure: ScanRule = {};
const nestedTool: ScanRule = groupRule({}, (open, draft) => {
  const types = open.types.filter((type) => !CALLER_TOOLS.test(type));
  addTools(open, types, draft);
  if (types.length > 0) addDefinition(open, draft);
});

/** Marks what precedes it to be cached: https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
const cacheControl: ScanRule = {
  on: (token, draft) => {
    if (token.kind === "object") draft.scan.cacheControl.isMarked = true;
  },
  fields: fieldTable({
    ttl: {
      on: (token, draft) => {
        if (token.kind !== "null" && !(token.kind === "string" && textOf(token) === "5m"))
          draft.scan.cacheControl.isLong = true;
      },
    },
  }),
};

/** How often a tool may be used in one request, and how much each use may put in. */
export const BOUNDS: Record<string, ScanRule> = {
  max_uses: partNumber("maxUses"),
  max_content_tokens: partNumber("maxContentTokens"),
};
anyStructure.items = anyStructure;
anyStructure.fields = fieldTable(
  {
    ...STORED_IDS,
    ...SCHEMAS,
    cache_control: cacheControl,
    tools: { ...anyStructure, items: nestedTool },
    tool: nestedTool,
    definition: nestedTool,
  },
  anyStructure,
);
nestedTool.items = nestedTool;
nestedTool.fields = fieldTable(
  {
    ...STORED_IDS,
    ...SCHEMAS,
    ...BOUNDS,
    cache_control: cacheControl,
    type: partType,
    model: partModel,
    definition: nestedTool,
    tools: { items: nestedTool },
  },
  anyStructure,
);

/** An object with rules for these fields. All other fields are searched for ids of stored objects. */
export const objectRule = (rules: Record<string, ScanRule | undefined>): ScanRule => ({
  fields: fieldTable(
    {
      ...STORED_IDS,
      cache_control: cacheControl,
      tools: { items: nestedTool },
      tool: nestedTool,
      ...rules,
    },
    anyStructure,
  ),
  items: anyStructure,
});

/** The type of an edit of the context: with a compaction the provider reads and writes more than the response. */
const editType: ScanRule = {
  on: (token, { scan }) => {
    if (token.kind === "string" && headOf(token, 36).startsWith("compact")) scan.compacts = true;
  },
};
const contextEdits: ScanRule = { items: objectRule({ type: editType }) };
/** Edits of the context, in a list or under `edits`. */
export const contextManagement: ScanRule = {
  ...objectRule({ edits: contextEdits }),
  ...contextEdits,
};

const containerAdvice = ADVICE.container_id ?? "";
/** `container`: an id is refused, as a string or as a field; {"type":"auto"} and skills that a provider publishes are allowed. */
export const container: ScanRule = {
  ...objectRule({ id: storedIdRule("container.id", containerAdvice) }),
  on: (token) => {
    if (token.kind === "string")
      refuse("container", `The field container ${WHY}. ${containerAdvice}`);
  },
};

export const prompt: ScanRule = objectRule({
  id: storedIdRule("prompt.id", "Send the text of the prompt as instructions and input instead."),
});

export const voice: ScanRule = objectRule({
  id: storedIdRule("voice.id", "Name one of the provider's own voices instead."),
});

const backgroundRule = (name: string, advice: string): ScanRule => ({
  on: (token) => {
    if (token.kind === "true")
      refuse(
        name,
        `${name}: true is not supported: the response would be stored at the provider and fetched later. ${advice}`,
      );
    if (token.kind !== "false" && token.kind !== "null")
      refuse(name, `The field ${name} must be false or left out.`);
  },
});
export const background = backgroundRule(
  "background",
  "Send the request without it, and stream the response.",
);
export const deferredRule = backgroundRule(
  "deferred",
  "Send the request without it, and stream the response.",
);

/** At the root of every body, whatever its dialect. */
export const ROOT_STORED_IDS: Record<string, ScanRule> = {
  conversation,
  container,
  prompt,
  deferred: deferredRule,
};

/** A public URL; Google's file stores are at googleapis.com. Stricter than RFC 3986, so that all parsers read the same host. */
const PUBLIC_URL =
  /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?$/i;

/** Gemini's fileUri: a public address is fetched by Google only for this request; everything else names a stored file. */
export const fileUriRule = (name: string): ScanRule => ({
  on: (token, draft) => {
    if (token.kind === "null") return;
    const text = token.kind === "string" && token.end - token.start <= 4_096 ? textOf(token) : "";
    const host = PUBLIC_URL.exec(text)?.[1]?.toLowerCase();
    if (host === undefined || /(^|\.)googleapis\.com$/.test(host))
      refuse(name, `The field ${name} ${WHY}. ${ADVICE[name] ?? content}`);
    const isVideo = /(^|\.)(youtube\.com|youtu\.be)$/.test(host ?? "");
    draft.scan.media.push({ kind: isVideo ? "video" : "document", from: "url", bytes: 0 });
  },
});

const GEMINI_FILE =
  /^\s*(?:https?:)?[\\/]*(?:[^\\/?#]*@)?generativelanguage\.googleapis\.com|^\s*(?:gs:\/\/|files\/)/i;

/** Refuses a URL of a provider's file store: it is an id in another form. */
export function refuseStoredUrl(name: string, token: JsonToken): void {
  if (GEMINI_FILE.test(token.end - token.start > 2_048 ? headOf(token, 2_048) : textOf(token)))
    refuse(name, `This ${name} ${WHY}. ${content}`);
}
