import type { ModelParameters } from "./schema";

/** The parameters that most providers' models take. */
export const PARAMETERS: ModelParameters = {
  textFormat: "chat",
  outputLimit: "max_tokens",
  chatMedia: ["image"],
  temperatureMax: 2,
  takesTopK: false,
  reasoningTakes: { sampling: () => true, stop: true },
  thinking: () => "effort",
  imagesHaveSizes: false,
};
