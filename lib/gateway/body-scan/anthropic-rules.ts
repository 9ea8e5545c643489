import {
  addDefinition,
  addTools,
  groupRule,
  textOnce,
  partType,
  reasoningSetting,
  refuse,
  type ScanRule,
} from "./draft";
import { addPartMedia, sourceFields } from "./media";
import { toolRequestRule, outputLimit, rootRule } from "./root-rule";
import { fieldTable, textOf } from "./field-rules";
import {
  anyStructure,
  BOUNDS,
  CALLER_TOOLS,
  contextManagement,
  UNCHECKED,
  objectRule,
  STORED_IDS,
} from "./stored-fields";

/** A block of content; a tool's result contains blocks too. */
const block: ScanRule = {};
const blocks: ScanRule = { items: block };
Object.assign(
  block,
  groupRule(
    objectRule({
      type: partType,
      source: objectRule({ ...sourceFields, content: blocks }),
      content: {
        items: block,
        // The result of a tool that ran at Anthropic. The files that its outputs name belong to the tool, and are only echoed.
        fields: fieldTable(
          {
            ...STORED_IDS,
            content: {
              fields: fieldTable({ ...STORED_IDS, source: objectRule(sourceFields) }, anyStructure),
            },
          },
          anyStructure,
        ),
      },
      input: UNCHECKED,
      citations: UNCHECKED,
    }),
    addPartMedia,
  ),
);

const tool: ScanRule = groupRule(
  objectRule({ ...BOUNDS, type: partType, input_schema: UNCHECKED, input_examples: UNCHECKED }),
  (open, draft) => {
    const { types } = open;
    if (types.some((type) => type.startsWith("advisor_")))
      refuse(
        "tools",
        "A tool of type advisor is not supported: it runs a second model, whose price is unknown. Call that model yourself.",
      );
    addTools(
      open,
      types.filter((type) => !CALLER_TOOLS.test(type)),
      draft,
    );
    addDefinition(open, draft);
  },
);

const unsupportedRule = (name: string, why: string): ScanRule => ({
  ...anyStructure,
  on: (token) => {
    if (token.kind !== "null") refuse(name, `The field ${name} is not supported: ${why}`);
  },
});

export const messages = rootRule({
  max_tokens: outputLimit("max_tokens", 0),
  speed: textOnce("speed", ({ scan }, text) => (scan.speed = text)),
  inference_geo: textOnce("inference_geo", ({ scan }, text) => (scan.inferenceGeo = text)),
  context_management: contextManagement,
  compaction: {
    ...anyStructure,
    on: (token, { scan }) => {
      if (token.kind !== "null") scan.compacts = true;
    },
  },
  system: blocks,
  messages: { items: objectRule({ content: blocks }) },
  tools: { items: tool },
  // An earlier version of the connector has no mcp_toolset.
  mcp_servers: toolRequestRule("mcp_toolset"),
  fallbacks: unsupportedRule(
    "fallbacks",
    "another model might respond, at another price. Send the request to that model when this one declines.",
  ),
  thread: unsupportedRule(
    "thread",
    "its turns are stored at the provider, where all customers of OneKey share one credential. Send all turns in messages.",
  ),
  // "self", the default, bills us; a user profile is of our organization, and its id is not forwarded.
  billing_policy: objectRule({
    bill_to: {
      on: (token) => {
        if (token.kind === "null" || (token.kind === "string" && textOf(token) === "self")) return;
        refuse(
          "billing_policy",
          "The field billing_policy.bill_to must be self: a request is charged to your credits, never to a user profile.",
        );
      },
    },
  }),
  thinking: objectRule({ type: reasoningSetting }),
  output_config: UNCHECKED,
  output_format: UNCHECKED,
  tool_choice: UNCHECKED,
});
