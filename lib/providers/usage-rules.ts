import type { UsageRules } from "./schema";

/** With a larger share of symbols a text is code or data rather than prose. */
export const CODE_SYMBOLS = 0.1;

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
  callTokens: { call: 0, argument: 0 },
  reasonsUnasked: () => true,
  refusalFee: 0,
  isChargedRefusal: () => false,
  chargedCall: () => null,
};
