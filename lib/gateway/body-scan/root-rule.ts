import { addDefinition, booleanOnce, integerOnce, refuse, textOnce, type ScanRule } from "./draft";
import { NO_BOUNDS } from "./schema";
import { anyStructure, objectRule, ROOT_STORED_IDS, UNCHECKED } from "./stored-fields";

const model = textOnce("model", (draft, text) => (draft.model = text));
export const serviceTier = textOnce(
  "service_tier",
  (draft, text) => (draft.scan.serviceTier = text),
);
const stream = booleanOnce("stream", (draft, flag) => (draft.scan.stream = flag));
export const store = booleanOnce("store", (draft, flag) => (draft.scan.store = flag));
export const choices = integerOnce(
  "n",
  { min: 1, max: 128 },
  (draft, value) => (draft.scan.choices = value),
);

/** An output limit. Of two, the larger one sets the hold, since a provider may apply either. */
export const outputLimit = (name: string, min = 1): ScanRule =>
  integerOnce(
    name,
    { min },
    ({ scan }, value) => (scan.outputLimit = Math.max(scan.outputLimit ?? 0, value)),
  );

/** The root of a body, with the fields that all dialects share. */
export const rootRule = (rules: Record<string, ScanRule | undefined>): ScanRule => ({
  ...objectRule({
    ...ROOT_STORED_IDS,
    model,
    stream,
    service_tier: serviceTier,
    metadata: UNCHECKED,
    ...rules,
  }),
  on: (token) => {
    if (token.kind !== "object") refuse("body", "The body must be a JSON object.");
  },
});

/** A field whose presence requests a tool that the provider runs. */
export const toolRequestRule = (tool: string): ScanRule => ({
  ...anyStructure,
  on: (token, draft) => {
    if (token.kind === "null" || token.kind === "false") return;
    draft.scan.tools.push(tool);
    draft.scan.toolBounds.push(NO_BOUNDS);
    addDefinition({ types: [tool] }, draft);
  },
});
