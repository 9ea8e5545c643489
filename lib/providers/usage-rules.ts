import type { UsageRules } from "./schema";

/** Usage in OpenAI's fields; a record states only what differs. */
export const USAGE_RULES: UsageRules = {
  chatReasoning: "in completion",
  countsLiveSearch: false,
  callsAreShown: false,
  imagesByPiece: false,
  showsFindings: false,
  chatLimitsReasoning: true,
  toolRoundsMax: null,
  compactionInputMin: 0,
  cachesUnmarked: true,
  tokensPerO200kMax: 1.3,
  tokensPerO200k: () => 1,
  reasonsUnasked: () => true,
  refusalFee: 0,
  isChargedRefusal: () => false,
  chargedCall: () => null,
};
