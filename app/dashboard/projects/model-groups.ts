import type { ModelGroup } from "@/components/dashboard/model-choice";
import { listModels } from "@/lib/catalog/queries";
import { providerIds, providerName } from "@/lib/providers";

/** The catalog's models by provider; with `allowed`, those of it. */
export function modelGroups(allowed?: string[]): ModelGroup[] {
  return providerIds()
    .map((provider) => ({
      provider: providerName(provider),
      models: listModels()
        .filter(
          ({ id, provider: modelProvider }) =>
            modelProvider === provider && (allowed?.includes(id) ?? true),
        )
        .map(({ id, name }) => ({ id, name })),
    }))
    .filter(({ models }) => models.length > 0);
}
