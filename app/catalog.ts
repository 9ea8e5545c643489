import { listModels, ratesAt } from "@/lib/catalog/queries";
import type { Model, Provider, Rates } from "@/lib/catalog/schema";
import { formatDay, formatUsd } from "@/lib/format";

/**
 * A model as the price lists show it. Prices are nano-credits per million tokens; null where the model has no such
 * price.
 */
export interface PricedModel {
  id: string;
  name: string;
  provider: Provider;
  kind: Model["kind"];
  status: Model["status"];
  takes: string[];
  abilities: ModelAbility[];
  context: number;
  maxOutput: number | null;
  input: number;
  cacheRead: number | null;
  output: number;
  endpoints: Model["endpoints"];
  /** The first day on which the model is not available, and its replacement. */
  retires: string | null;
  replacedBy: string | null;
  /** Prices of other units as text: "$0.006 a minute". */
  units: string[];
  /** The prices of a long request, and the number of input tokens from which they apply. */
  long: { above: number; input: number; cacheRead: number | null; output: number } | null;
}

/** What a model can do beyond text input and output. */
export const ABILITIES = [
  "tools",
  "structuredOutput",
  "reasoning",
  "caching",
  "webSearch",
  "vision",
  "pdf",
  "audio",
  "video",
] as const;
export type ModelAbility = (typeof ABILITIES)[number];

export const abilityNames: Record<ModelAbility, string> = {
  tools: "Tools",
  structuredOutput: "Structured output",
  reasoning: "Reasoning",
  caching: "Prompt caching",
  webSearch: "Web search",
  vision: "Images in",
  pdf: "PDF in",
  audio: "Audio",
  video: "Video in",
};

function abilitiesOf({ capabilities, modalities }: Model): ModelAbility[] {
  const abilities = new Set<string>([...capabilities, ...modalities.input]);
  return ABILITIES.filter((ability) => abilities.has(ability));
}

/** Every model that has a price today, in catalog order. */
export function pricedModels(): PricedModel[] {
  const at = new Date();
  return listModels().flatMap((model) => {
    const rates = ratesAt({ model, at });
    return rates === null ? [] : [pricedAt(model, rates)];
  });
}

export function pricedModel(id: string): PricedModel | null {
  return pricedModels().find((model) => model.id === id) ?? null;
}

/** The price of a model that is in force today, with its start date; null before the first price. */
export function priceNow(model: Model): Model["prices"][number] | null {
  const today = new Date().toISOString().slice(0, 10);
  return model.prices.findLast(({ from }) => from <= today) ?? null;
}

/** Today, as text: the date of the prices that a request is billed by now. */
export function pricesAsOf(): string {
  return formatDay(new Date());
}

/** Text models that are available today. */
export function textModels(): PricedModel[] {
  return pricedModels().filter((model) => model.kind === "text");
}

export function ratesNow(id: string): Rates | null {
  const model = listModels().find((entry) => entry.id === id);
  return model === undefined ? null : ratesAt({ model, at: new Date() });
}

function pricedAt(model: Model, rates: Rates): PricedModel {
  const tier = rates.tiers?.[0];
  return {
    id: model.id,
    name: model.name,
    provider: model.provider,
    kind: model.kind,
    status: model.status,
    takes: model.modalities.input.filter((kind) => kind !== "text"),
    abilities: abilitiesOf(model),
    context: model.context,
    maxOutput: model.maxOutput || null,
    input: rates.input,
    // The catalog charges cached input as input where the provider has no lower price for it.
    cacheRead: rates.cacheRead < rates.input ? rates.cacheRead : null,
    output: rates.output,
    endpoints: model.endpoints,
    retires: model.retires ?? null,
    replacedBy: model.replacedBy ?? null,
    units: [...unitPrices(rates), ...endpointPrices(model)],
    long:
      tier === undefined
        ? null
        : {
            above: tier.aboveInputTokens,
            input: tier.input,
            cacheRead: tier.cacheRead < tier.input ? tier.cacheRead : null,
            output: tier.output,
          },
  };
}

/** Prices at endpoints that have separate ones: "$0.10 in, $0.00 out at decisions". */
const endpointPrices = (model: Model): string[] =>
  Object.entries(priceNow(model)?.endpointRates ?? {}).map(
    ([endpoint, { input, output }]) =>
      `${formatUsd(input)} in, ${formatUsd(output)} out at ${endpoint}`,
  );

function unitPrices(rates: Rates): string[] {
  const priceTexts = (price: number | undefined, unit: string, times = 1) =>
    price === undefined || price === 0 ? [] : [`${formatUsd(price * times)} ${unit}`];
  return [
    ...priceTexts(rates.perImage, "an image"),
    ...priceTexts(rates.perInputImage, "an image in"),
    // An hour's price that is not a number of nano-credits a minute is shown as it is.
    ...((rates.perHour ?? 0) % 60 === 0
      ? priceTexts(rates.perHour, "a minute", 1 / 60)
      : priceTexts(rates.perHour, "an hour")),
    ...priceTexts(rates.perCharacter, "per 1M characters", 1_000_000),
    ...priceTexts(rates.inputAudio, "audio in"),
    ...priceTexts(rates.outputAudio, "audio out"),
    ...priceTexts(rates.inputImage, "image in"),
    ...priceTexts(rates.outputImage, "image out"),
  ];
}
