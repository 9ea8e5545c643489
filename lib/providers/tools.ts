import type { ProviderTool } from "./schema";

/** A tool that is charged by the tokens that it reads and writes only. */
export const chargedByTokens = (
  types: RegExp,
  brings: ProviderTool["brings"],
  unless?: ProviderTool["unless"],
): ProviderTool => ({ types, charge: "tokens", brings, ...(unless ? { unless } : {}) });

/** A tool whose calls are charged as well. */
export const chargedByCalls = (
  types: RegExp,
  charge: readonly string[],
  unless?: ProviderTool["unless"],
): ProviderTool => ({ types, charge, brings: "findings", ...(unless ? { unless } : {}) });

/** A tool that draws with another model, whose use the response states. */
export const chargedByImages = (types: RegExp, imageModel: string): ProviderTool => ({
  types,
  charge: "tokens",
  brings: "findings",
  imageModel,
});
