import { providerRecord } from "@/lib/providers";
import { z } from "zod";
import { ratesAt } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { fetchJson } from "./fetch-json";

/** US dollars for one token, by LiteLLM's field names: https://docs.litellm.ai/docs/provider_registration/add_model_pricing */
const Entry = z.object({
  input_cost_per_token: z.number().optional(),
  output_cost_per_token: z.number().optional(),
  cache_read_input_token_cost: z.number().optional(),
});
const FIELDS = [
  ["input", "input_cost_per_token"],
  ["output", "output_cost_per_token"],
  ["cacheRead", "cache_read_input_token_cost"],
] as const;

/** Where the price of a model differs from the one in a price list of LiteLLM's form. */
export async function compareWithPriceList(
  url: string,
  models: Model[],
  at: Date,
): Promise<{ model: Model; line: string }[]> {
  const list = z.record(z.string(), z.unknown()).parse(await fetchJson(url));
  return models.flatMap((model) => {
    const { data } = Entry.safeParse(
      list[`${providerRecord(model.provider).priceLists.litellmPrefix}${model.id}`] ??
        list[model.id],
    );
    const rates = ratesAt({ model, at });
    if (!data || !rates) return [];
    return FIELDS.flatMap(([field, key]) => {
      const listedPrice = data[key];
      if (listedPrice === undefined) return [];
      // A price for one token has a tail of binary fractions: to the millionth of a dollar for a million tokens.
      const [ours, theirs] = [rates[field] / 1e9, Number((listedPrice * 1e6).toFixed(6))];
      return ours === theirs
        ? []
        : [{ model, line: `${model.id} ${field}: ours ${ours}, theirs ${theirs}` }];
    });
  });
}
