import { addDefinition, grouped, partType, refuse, type DraftPlace } from "./draft";
import { fields, headOf, textOf, type Token } from "./field-rules";

const WHY =
  "names something stored at a provider, where all customers of OneKey share one credential, so it is not served";

const content = "Send the content itself: inline as base64, or by a public URL.";
const turns = "Send the earlier turns in the request instead.";
const searched =
  "Send the passages in the request, or search them with a function tool of your own.";

/** Fields whose value is an id at a provider, wherever a dialect reads structure rather than free-form content. */
const ADVICE: Record<string, string> = {
  file_id: content,
  file_ids: content,
  input_file_id: content,
  input_file_ids: content,
  fileUri: "Send the bytes as inlineData, or a public https address.",
  file_uri: "Send the bytes as inlineData, or a public https address.",
  container_id: 'Leave it out, or send {"type":"auto"} for a container of this request\'s own.',
  vector_store_id: searched,
  vector_store_ids: searched,
  collection_id: searched,
  collection_ids: searched,
  fileSearchStoreNames: searched,
  file_search_store_names: searched,
  cachedContent:
    "Send the content in the request instead: the providers cache repeated beginnings by themselves.",
  cached_content:
    "Send the content in the request instead: the providers cache repeated beginnings by themselves.",
  conversation_id: turns,
  previous_message_id: turns,
};

/** A field that is refused unless it is null or an empty list. */
export function stored(name: string, advice: string): DraftPlace {
  const place: DraftPlace = {
    on: (token) => {
      if (token.kind !== "null" && token.kind !== "array")
        refuse(name, `The field ${name} ${WHY}. ${advice}`);
    },
  };
  place.items = place;
  return place;
}

export const conversation = stored("conversation", turns);
export const skillId: DraftPlace = {
  on: (token) => {
    // What providers publish has a plain name; what a customer uploaded, an id with this prefix.
    if (token.kind === "string" && headOf(token, 36).startsWith("skill_"))
      refuse(
        "skill_id",
        `The field skill_id ${WHY}. Use one of the provider's own skills, or put the text in the request.`,
      );
  },
};

export const STORED: Record<string, DraftPlace> = {
  ...Object.fromEntries(
    Object.entries(ADVICE).map(([name, advice]) => [name, stored(name, advice)]),
  ),
  skill_id: skillId,
};

/** Content that callers, tools and models make up: a key in it names nothing of a provider's. */
export const FREE = undefined;

/** JSON Schemas, in which a key is a name that the caller makes up. */
const SCHEMAS: Record<string, undefined> = {
  ...{ input_schema: FREE, inputSchema: FREE, output_schema: FREE, outputSchema: FREE },
  ...{ parameters: FREE, parametersJsonSchema: FREE, parameters_json_schema: FREE },
  ...{ json_schema: FREE, properties: FREE, input_examples: FREE },
};

/** Tools that the caller runs, and what only refers to a tool; every other type is run by the provider. */
export const CALLERS_OWN =
  /^((function|custom|namespace|tool_reference|tool_definition)$|bash_|text_editor_|memory_)/;

/** Structure that no rule describes: ids of stored objects are refused in it, and tools counted, whatever their depth. */
export const anywhere: DraftPlace = {};
const nestedTool: DraftPlace = grouped({}, (open, draft) => {
  draft.scan.tools.push(...open.types.filter((type) => !CALLERS_OWN.test(type)));
  if (open.types.some((type) => !CALLERS_OWN.test(type))) addDefinition(open, draft);
});
anywhere.items = anywhere;
anywhere.fields = fields(
  {
    ...STORED,
    ...SCHEMAS,
    tools: { ...anywhere, items: nestedTool },
    tool: nestedTool,
    definition: nestedTool,
  },
  anywhere,
);
nestedTool.items = nestedTool;
nestedTool.fields = fields(
  { ...STORED, ...SCHEMAS, type: partType, definition: nestedTool, tools: { items: nestedTool } },
  anywhere,
);

/** An object with the fields named; others are searched for ids of stored objects. */
export const shape = (named: Record<string, DraftPlace | undefined>): DraftPlace => ({
  fields: fields({ ...STORED, tools: { items: nestedTool }, tool: nestedTool, ...named }, anywhere),
  items: anywhere,
});

const asIs = ADVICE.container_id ?? "";
/** `container`: an id is refused, in a string or within; {"type":"auto"} and a provider's own skills pass. */
export const container: DraftPlace = {
  ...shape({ id: stored("container.id", asIs) }),
  on: (token) => {
    if (token.kind === "string") refuse("container", `The field container ${WHY}. ${asIs}`);
  },
};

export const prompt: DraftPlace = shape({
  id: stored("prompt.id", "Send the text of the prompt as instructions and input instead."),
});

export const voice: DraftPlace = shape({
  id: stored("voice.id", "Name one of the provider's own voices instead."),
});

const later = (name: string, advice: string): DraftPlace => ({
  on: (token) => {
    if (token.kind === "true")
      refuse(
        name,
        `${name}: true is not served: the answer would be stored at the provider and fetched later. ${advice}`,
      );
    if (token.kind !== "false" && token.kind !== "null")
      refuse(name, `The field ${name} must be false or left out.`);
  },
});
export const background = later(
  "background",
  "Send the request without it, and stream the answer.",
);
export const deferred = later("deferred", "Send the request without it, and stream the answer.");

/** At the root of every body, whatever its dialect. */
export const ROOT_STORED: Record<string, DraftPlace> = {
  conversation,
  container,
  prompt,
  deferred,
};

/** An address that anybody may open; Google's own stores are at googleapis.com. Stricter than RFC 3986, so that no two readers differ. */
const PUBLIC_URL =
  /^https:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::443)?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?$/i;

/** Gemini's fileUri: a public address is fetched by Google for this request alone; everything else names a stored file. */
export const fileUri = (name: string): DraftPlace => ({
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

/** An address of a provider's own file store is an id in another form. */
export function refuseStoredUrl(name: string, token: Token): void {
  if (GEMINI_FILE.test(token.end - token.start > 2_048 ? headOf(token, 2_048) : textOf(token)))
    refuse(name, `This ${name} ${WHY}. ${content}`);
}
