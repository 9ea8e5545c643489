import type { Model } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";

/** Whether a request has its model reason, by its effort or thinking setting, or else by the model's default. */
export const isReasoningAsked = (
  { provider, id, reasoning }: Pick<Model, "provider" | "id" | "reasoning">,
  setting: boolean | null,
): boolean => reasoning && (setting ?? providerRecord(provider).usage.reasonsUnasked(id));
