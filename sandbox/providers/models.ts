import { builtInModels } from "@/lib/catalog/build";
import type { ProviderName } from "./mock-response";
import { CASES } from "./model-cases";

const today = () => new Date().toISOString().slice(0, 10);
const modelsOf = (provider: ProviderName) =>
  builtInModels().filter(
    (model) =>
      model.provider === provider &&
      model.released <= today() &&
      (model.retires ?? "9999") > today(),
  );

/** The models that a provider lists, in its own form. */
export function modelList(provider: ProviderName): unknown {
  const models = modelsOf(provider).filter(({ id }) => id !== CASES.gone);
  const createdSeconds = (day: string) => Math.floor(Date.parse(day) / 1000);
  switch (provider) {
    case "openai":
    case "xai": {
      const data = models.map(({ id, released: releaseDay, retires }) => ({
        id,
        object: "model",
        created: createdSeconds(releaseDay),
        owned_by: provider,
        ...(provider === "openai"
          ? { shutdown_date: id === CASES.ending.id ? CASES.ending.on : (retires ?? null) }
          : {}),
      }));
      if (provider === "openai")
        data.push({
          id: CASES.fresh,
          object: "model",
          created: createdSeconds(today()),
          owned_by: provider,
          shutdown_date: null,
        });
      return { object: "list", data };
    }
    case "anthropic": {
      const data = models.map(({ id, name, released: releaseDay, retires }) => ({
        type: "model",
        id,
        display_name: name,
        created_at: `${releaseDay}T00:00:00Z`,
        lifecycle: retires === undefined ? "active" : "deprecated",
        deprecated_at: null,
        retires_at: retires === undefined ? null : `${retires}T00:00:00Z`,
      }));
      return {
        data,
        has_more: false,
        first_id: data.at(0)?.id ?? null,
        last_id: data.at(-1)?.id ?? null,
      };
    }
    case "google":
      return {
        models: models.map(({ id, name }) => ({ name: `models/${id}`, displayName: name })),
      };
  }
}

/** A price list of LiteLLM's form, with one price that differs. */
export function priceList(): unknown {
  const prefix: Record<string, string> = {
    openai: "",
    anthropic: "",
    google: "gemini/",
    xai: "xai/",
  };
  return Object.fromEntries(
    (["openai", "anthropic", "google", "xai"] as const)
      .flatMap(modelsOf)
      .flatMap(({ id, provider, kind, prices }) => {
        const rates = prices.findLast(({ from }) => from <= today())?.rates;
        if (kind !== "text" || !rates) return [];
        const output = id === CASES.price.id ? CASES.price.output : rates.output;
        return [
          [
            `${prefix[provider]}${id}`,
            { input_cost_per_token: rates.input / 1e6, output_cost_per_token: output / 1e6 },
          ],
        ];
      }),
  );
}
