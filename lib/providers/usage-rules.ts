import type { UsageRules } from "./schema";

/** Usage in OpenAI's fields; a record states only what differs. */
export const USAGE_RULES: UsageRules = {
  chatReasoning: "in completion",
  countsLiveSearch: false,
  callsAreShown: false,
  imagesByPiece: false,
  showsFindings: false,
  chatLimitsReasoning: true,
  chargedCall: () => null,
};
