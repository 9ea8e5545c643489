import { addDefinition, grouped, onceText, partType, refuse, type DraftPlace } from "./draft";
import { addPart, sourceFields } from "./media";
import { asksFor, outputLimit, root } from "./openai-rules";
import { fields } from "./field-rules";
import { anywhere, CALLERS_OWN, FREE, shape, STORED } from "./stored-fields";

/** A block of content; a tool's result holds blocks of its own. */
const block: DraftPlace = {};
const blocks: DraftPlace = { items: block };
Object.assign(
  block,
  grouped(
    shape({
      type: partType,
      source: shape({ ...sourceFields, content: blocks }),
      content: {
        items: block,
        // The result of a tool that ran at Anthropic. The files that its outputs name are its own, and are only echoed.
        fields: fields(
          {
            ...STORED,
            content: { fields: fields({ ...STORED, source: shape(sourceFields) }, anywhere) },
          },
          anywhere,
        ),
      },
      ...{ input: FREE, citations: FREE },
    }),
    addPart,
  ),
);

const tool: DraftPlace = grouped(
  shape({ type: partType, input_schema: FREE, input_examples: FREE }),
  (open, draft) => {
    const { types } = open;
    if (types.some((type) => type.startsWith("advisor_")))
      refuse(
        "tools",
        "A tool of type advisor is not served: it runs a second model, whose price this request does not name. Call that model yourself.",
      );
    draft.scan.tools.push(...types.filter((type) => !CALLERS_OWN.test(type)));
    addDefinition(open, draft);
  },
);

const not = (name: string, why: string): DraftPlace => ({
  ...anywhere,
  on: (token) => {
    if (token.kind !== "null") refuse(name, `The field ${name} is not served: ${why}`);
  },
});

export const messages = root({
  max_tokens: outputLimit("max_tokens", 0),
  speed: onceText("speed", ({ scan }, text) => (scan.speed = text)),
  inference_geo: onceText("inference_geo", ({ scan }, text) => (scan.inferenceGeo = text)),
  system: blocks,
  messages: { items: shape({ content: blocks }) },
  tools: { items: tool },
  // An earlier version of the connector knows no mcp_toolset.
  mcp_servers: asksFor("mcp_toolset"),
  fallbacks: not(
    "fallbacks",
    "another model might answer, at another price. Send the request to that model when this one declines.",
  ),
  thread: not(
    "thread",
    "its turns are stored at the provider, where all customers of OneKey share one credential. Send all turns in messages.",
  ),
  ...{ output_config: FREE, output_format: FREE, tool_choice: FREE },
});
