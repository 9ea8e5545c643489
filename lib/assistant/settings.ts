import { providerSettings } from "@/lib/providers";

/** The model that answers; its price is the catalog's. */
export const ASSISTANT_MODEL = "claude-haiku-5-5";

/** Where and as whom Anthropic is asked; null where no credential is set, and the assistant is off. */
export function assistantSettings(): { baseURL: string; apiKey: string } | null {
  const { baseUrl, keys } = providerSettings("anthropic");
  const [apiKey] = keys;
  return apiKey === undefined ? null : { baseURL: baseUrl, apiKey };
}
