import type { Model } from "@/lib/catalog/schema";
import { providerRecord } from "@/lib/providers";

/** Whether a request has its model reason, by its effort or thinking setting, or else by the model's default. */
export const isReasoningAsked = (
  { provider, id, reasoning }: Pick<Model, "provider" | "id" | "reasoning">,
  asked: boolean | null,
): boolean => reasoning && (asked ?? providerRecord(provider).usage.reasonsUnasked(id));
