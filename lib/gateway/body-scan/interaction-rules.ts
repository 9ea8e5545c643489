import {
  addDefinition,
  addTools,
  groupRule,
  objectOnce,
  partType,
  reasoningSetting,
  refuse,
  textOnce,
  type ScanDraft,
  type ScanRule,
} from "./draft";
import { fieldTable } from "./field-rules";
import { bothNames } from "./gemini-rules";
import { addPartMedia, blobFields } from "./media";
import { outputLimit, rootRule, serviceTier, store } from "./root-rule";
import {
  anyStructure,
  background,
  fileUriRule,
  objectRule,
  storedIdRule,
  UNCHECKED,
} from "./stored-fields";

/** These endpoints take the id with Google's prefix too. */
const model = textOnce("model", (draft, text) => (draft.model = text.replace(/^models\//, "")));

/** A text, a content block, a step, which has blocks in turn, or a list of them. */
const input: ScanRule = {};
Object.assign(
  input,
  groupRule(
    {
      ...objectRule({
        ...bothNames({ ...blobFields, annotations: UNCHECKED, arguments: UNCHECKED }),
        type: partType,
        uri: fileUriRule("uri"),
        content: input,
        summary: input,
        // An object is free-form: the result of a function of the caller's.
        result: { items: input },
      }),
      items: input,
    },
    addPartMedia,
  ),
);

const tool: ScanRule = groupRule(
  objectRule({ type: partType, parameters: UNCHECKED, headers: UNCHECKED }),
  (open, draft) => {
    const types = open.types.filter((type) => type !== "function");
    addTools(open, types, draft);
    if (types.length > 0) addDefinition(open, draft);
  },
);

const generationConfig = objectOnce(
  "generation_config",
  fieldTable(
    bothNames({
      maxOutputTokens: outputLimit("generation_config.max_output_tokens"),
      thinkingLevel: reasoningSetting,
      toolChoice: UNCHECKED,
    }),
    anyStructure,
  ),
);

const unsupportedField = (name: string, why: string): ScanRule => ({
  on: (token) => {
    if (token.kind !== "null") refuse(name, `The field ${name} is not supported: ${why}`);
  },
});
const webhook = unsupportedField(
  "webhook_config",
  "the response would be stored at the provider. Stream the response instead.",
);

/** Interactions that nothing is stored of. https://ai.google.dev/gemini-api/docs/interactions */
export const interactions: ScanRule = {
  ...rootRule({
    ...bothNames({
      store,
      serviceTier,
      model,
      input,
      background,
      generationConfig,
      previousInteractionId: storedIdRule(
        "previous_interaction_id",
        "Send the earlier turns as steps of the input instead.",
      ),
      systemInstruction: input,
      agentConfig: UNCHECKED,
      responseFormat: UNCHECKED,
      webhookConfig: webhook,
      labels: UNCHECKED,
      tools: { items: tool },
    }),
    agent: unsupportedField(
      "agent",
      "agents run and store their work at the provider. Name a model instead.",
    ),
    environment: unsupportedField("environment", "it is stored at the provider. Leave it out."),
  }),
  close: ({ scan }) => {
    if (scan.store !== false)
      refuse(
        "store",
        "Google stores an interaction unless it is sent with store: false, and stored interactions are not supported: all customers share one credential there. Send store: false, and the earlier turns as steps of the input.",
      );
  },
};

const question = objectRule({ instructions: input, criteria: UNCHECKED });

/** Google's decisions, which store nothing. The caller chooses the names of the questions. */
export const geminiDecisions = rootRule({
  model,
  input,
  questions: { fields: fieldTable<ScanDraft>({}, question) },
});
