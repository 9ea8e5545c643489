import { now } from "@/lib/clock";
import { editDistance } from "@/lib/edit-distance";
import { RETIRED, type Catalog } from "./build";
import { catalogAt } from "./in-force";
import { scaleRates } from "./load";
import type { EndpointName, Model, Rates } from "./schema";

const today = () => new Date(now());

/** Every model that is offered at an instant, grouped by provider, newest first. */
export function listModels(at = today()): Model[] {
  return catalogAt(at).models.filter((model) => isOffered(model, at));
}

/** Every model that the catalog knows, also those that have retired. */
export function listKnownModels(at = today()): Model[] {
  return catalogAt(at).models;
}

/** Names the catalog in force at an instant; it is written on each usage row. */
export const catalogVersion = (at = today()): string => catalogAt(at).version;

export const isOffered = (
  { released: releaseDay, retires }: Pick<Model, "released" | "retires">,
  at = today(),
): boolean => releaseDay <= dayOf(at) && (retires === undefined || retires > dayOf(at));

/** The model of an id, an alias or a dated id as its provider takes it, offered or retired; null where nothing is known of it. */
export function findModel(id: string, at = today()): Model | null {
  return namedBy(catalogAt(at), id, at);
}

/** The model that an id names in a catalog at an instant. */
export const namedBy = ({ byId }: Catalog, id: string, at: Date): Model | null =>
  byId.get(id)?.find(({ from }) => from <= dayOf(at))?.model ?? null;

/** The model that serves and prices requests for another: itself, or where its provider redirects and bills it. */
export function servingModel(catalog: Catalog, model: Model, at: Date): Model {
  const { servedAs } = model;
  if (servedAs?.billedAs !== "served" || servedAs.from > dayOf(at)) return model;
  const target = namedBy(catalog, servedAs.model, at);
  return target && isOffered(target, at) ? target : model;
}

export type ModelResolution =
  /** `model` serves and prices the request; `quality` is the image quality at which a redirect serves. */
  | { kind: "offered"; model: Model; quality?: string | undefined }
  | { kind: "retired"; id: string; retired: string; replacedBy: string | null }
  /** The id has a prefix that its provider refuses; `plain` is the id without it. */
  | { kind: "prefixed"; plain: string }
  | { kind: "unknown" };

/** What a request for an id gets at an instant: the model that serves it, or why there is none. */
export function resolveModel(id: string, at: Date): ModelResolution {
  const model = findModel(id, at);
  const day = dayOf(at);
  if (model) {
    const serving = servingModel(catalogAt(at), model, at);
    if (serving !== model)
      return { kind: "offered", model: serving, quality: model.servedAs?.quality };
    if (isOffered(model, at)) return { kind: "offered", model };
    if (model.retires !== undefined && model.retires <= day)
      return { kind: "retired", id, retired: model.retires, replacedBy: model.replacedBy ?? null };
    return { kind: "unknown" };
  }
  const retiredId = RETIRED.get(id);
  if (retiredId && retiredId.retired <= day)
    return {
      kind: "retired",
      id,
      retired: retiredId.retired,
      replacedBy: retiredId.replacedBy ?? null,
    };
  const plain = id.slice(id.lastIndexOf("/") + 1);
  return plain !== id && resolveModel(plain, at).kind === "offered"
    ? { kind: "prefixed", plain }
    : { kind: "unknown" };
}

export type RateQuery = {
  model: Model;
  at: Date;
  endpoint?: EndpointName | undefined;
  serviceTier?: string | undefined;
  speed?: string | undefined;
  inferenceGeo?: string | undefined;
  /** Of an image, where its price depends on them. */
  quality?: string | undefined;
  resolution?: string | undefined;
};

/** Values that mean "as usual": they are billed at the default rates. A provider rejects those that it does not know. */
const USUAL_TIERS = ["auto", "default", "standard", "standard_only"];
const USUAL_SPEEDS = ["standard"];
const USUAL_GEOS = ["global"];

/** The rates of a request made at an instant, or null where the catalog has no price for what it asks. */
export function ratesAt({
  model,
  at,
  endpoint,
  serviceTier,
  speed,
  inferenceGeo,
  quality,
  resolution,
}: RateQuery): Rates | null {
  const day = dayOf(at);
  const price = model.prices.findLast(({ from }) => from <= day);
  if (!price) return null;
  const usual = serviceTier === undefined || USUAL_TIERS.includes(serviceTier);
  const endpointRates = endpoint && price.endpointRates?.[endpoint];
  const tierRates = endpointRates ? undefined : ownValue(price.serviceTiers, serviceTier ?? "");
  const rates = usual ? (endpointRates ?? price.rates) : tierRates;
  const faster =
    speed === undefined || USUAL_SPEEDS.includes(speed) ? 1000 : ownValue(model.speeds, speed);
  const nearer =
    inferenceGeo === undefined || USUAL_GEOS.includes(inferenceGeo)
      ? 1000
      : ownValue(model.geos, inferenceGeo);
  if (!rates || !faster || !nearer) return null;
  if (rates.imagePrices) return imageRates(rates, { quality, resolution });
  if (faster === 1000 && nearer === 1000) return rates;
  return scaleRates(faster === 1000 ? rates : scaleRates(rates, faster), nearer);
}

function imageRates(rates: Rates, image: Pick<RateQuery, "quality" | "resolution">): Rates | null {
  const usual = rates.imagePrices?.find((price) => price.default);
  const [quality, resolution] = [
    image.quality ?? usual?.quality,
    image.resolution ?? usual?.resolution,
  ];
  const price = rates.imagePrices?.find(
    (imagePrice) => imagePrice.quality === quality && imagePrice.resolution === resolution,
  );
  return price ? { ...rates, perImage: price.rate } : null;
}

let last = { number: Number.NaN, text: "" };
/** The UTC day as its date; kept, since most requests come on the same day as the one before them. */
function dayOf(at: Date): string {
  const number = Math.floor(at.getTime() / 86_400_000);
  if (number !== last.number) last = { number, text: at.toISOString().slice(0, 10) };
  return last.text;
}

/** The offered ids most like a mistyped one, nearest first; none where nothing is near. */
export function nearestModelIds(
  id: string,
  { n = 3, at = today() }: { n?: number; at?: Date } = {},
): string[] {
  const query = id
    .slice(0, 64)
    .toLowerCase()
    .replace(/^[a-z]+\//, "");
  return listModels(at)
    .map((model) => ({
      id: model.id,
      distance: Math.min(
        ...[model, ...model.aliases].map((candidate) => editDistance(query, candidate.id)),
      ),
    }))
    .filter(({ distance }) => distance <= Math.max(3, Math.floor(query.length / 2)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, n)
    .map((near) => near.id);
}

const ownValue = <T>(record: Record<string, T> | undefined, key: string): T | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;
