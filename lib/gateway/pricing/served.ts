import { costOf, costOfParts } from "@/lib/catalog/cost";
import { findModel, ratesAt } from "@/lib/catalog/queries";
import { NO_USAGE, type Model, type Rates, type Usage } from "@/lib/catalog/schema";

/** What a provider says it served, where it says so. */
export interface ServedFacts {
  model?: Model;
  serviceTier?: string;
  speed?: string;
  inferenceGeo?: string;
}

/** What a request asked for, by which it was held. */
export interface RequestPrice {
  model: Model;
  at: Date;
  rates: Rates;
  /** The rates with these facts in place of those asked for; null where there is no price. */
  ratesFor(facts: ServedFacts): Rates | null;
}

export interface ServedPrice {
  /** Nano-credits. */
  cost: number;
  /** The model that served the request, where it is another one than was asked for. */
  servedModel: Model | null;
  /** Whether the provider named a model that the catalog does not know: the request is charged as asked. */
  isModelUnknown: boolean;
}

/**
 * What a request costs by the model, tier, speed, region and other models' tokens that its usage states. A fact without a
 * price counts as asked for. What was served at a higher price than was asked for is charged as asked: that was held.
 */
export function priceServed(request: RequestPrice, usage: Usage): ServedPrice {
  const statedModel = usage.model === undefined ? null : findModel(usage.model);
  const servedModel = statedModel && isOther(request.model, statedModel) ? statedModel : null;
  const isModelUnknown =
    usage.model !== undefined &&
    servedModel === null &&
    statedModel?.id !== request.model.id &&
    !isSnapshot(request.model, usage.model);
  const otherParts = usage.byModel?.map(({ model, ...tokens }) => ({
    rates: ratesOfOther(model, request),
    usage: { ...NO_USAGE, ...tokens },
  }));
  const costAt = (rates: Rates) =>
    otherParts ? costOfParts([{ rates, usage }, ...otherParts]) : costOf({ rates, usage });
  const askedCost = costAt(request.rates);
  const rates = servedRates(request, usage, servedModel);
  const cost = rates === request.rates ? askedCost : Math.min(askedCost, costAt(rates));
  return { cost, servedModel, isModelUnknown };
}

/** Prices the usage of one request, which is asked for with the response's head and again for its row, once. */
export function createServedPricing(request: RequestPrice): (usage: Usage) => ServedPrice {
  let last: { usage: Usage; price: ServedPrice } | null = null;
  return (usage) => {
    if (last?.usage !== usage) last = { usage, price: priceServed(request, usage) };
    return last.price;
  };
}

function servedRates(request: RequestPrice, usage: Usage, servedModel: Model | null): Rates {
  let { rates } = request;
  let facts: ServedFacts = {};
  const apply = (fact: ServedFacts) => {
    const candidate = { ...facts, ...fact };
    const factRates = request.ratesFor(candidate);
    if (!factRates) return;
    facts = candidate;
    rates = factRates;
  };
  const { serviceTier, speed, inferenceGeo } = usage;
  if (servedModel) apply({ model: servedModel });
  if (serviceTier !== undefined) apply({ serviceTier });
  if (speed !== undefined) apply({ speed });
  if (inferenceGeo !== undefined) apply({ inferenceGeo });
  return rates;
}

/** A tool's model, at its standard rates; one that the catalog does not know at the rates of the request. */
function ratesOfOther(id: string, { at, rates }: RequestPrice): Rates {
  const model = findModel(id);
  return (model && ratesAt({ model, at })) ?? rates;
}

const isOther = (requestModel: Model, model: Model): boolean =>
  model.id !== requestModel.id && model.provider === requestModel.provider;

/** Whether an id is that of a dated snapshot of a model, as providers state it. */
const isSnapshot = (model: Model, id: string): boolean =>
  model.aliases
    .map((alias) => (typeof alias === "string" ? alias : alias.id))
    .concat(model.id)
    .some((knownId) => id.startsWith(knownId) || knownId.startsWith(id));
