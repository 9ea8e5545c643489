import { loadModels, scaleRates } from "./load";
import type { Model, Rates } from "./schema";

const models = loadModels();
const byId = new Map<string, Model>(
  models.flatMap((model) => [model.id, ...model.aliases].map((id) => [id, model] as const)),
);

/** Every model that is sold, grouped by provider, newest first. */
export function listModels(): Model[] {
  return models;
}

/** The model of an id, an alias or a dated id, as its provider knows it; `models/…` and `<provider>/…` may stand before it. */
export function findModel(id: string): Model | null {
  const found = byId.get(id);
  if (found) return found;
  const slash = id.indexOf("/");
  if (slash === -1) return null;
  const [prefix, model] = [id.slice(0, slash), byId.get(id.slice(slash + 1))];
  if (!model) return null;
  const known = prefix === model.provider || (prefix === "models" && model.provider === "google");
  return known ? model : null;
}

type Asked = {
  model: Model;
  at: Date;
  serviceTier?: string | undefined;
  speed?: string | undefined;
  inferenceGeo?: string | undefined;
};

/** Values that mean "as usual", by provider: they are billed at the default rates. */
const USUAL_TIERS: Record<Model["provider"], readonly string[]> = {
  openai: ["auto", "default"],
  anthropic: ["auto", "standard_only", "standard"],
  google: ["default", "standard", "auto"],
  xai: ["auto", "default"],
};
const USUAL_SPEEDS = ["standard"];
const USUAL_GEOS = ["global"];

/** The rates of a request made at an instant, or null where the catalogue has no price for what it asks. */
export function ratesAt({ model, at, serviceTier, speed, inferenceGeo }: Asked): Rates | null {
  const day = dayOf(at);
  const price = model.prices.findLast(({ from }) => from <= day);
  if (!price) return null;
  const usual = serviceTier === undefined || USUAL_TIERS[model.provider]?.includes(serviceTier);
  const rates = usual ? price.rates : own(price.serviceTiers, serviceTier);
  const faster =
    speed === undefined || USUAL_SPEEDS.includes(speed) ? 1000 : own(model.speeds, speed);
  const nearer =
    inferenceGeo === undefined || USUAL_GEOS.includes(inferenceGeo)
      ? 1000
      : own(model.geos, inferenceGeo);
  if (!rates || !faster || !nearer) return null;
  if (faster === 1000 && nearer === 1000) return rates;
  return scaleRates(faster === 1000 ? rates : scaleRates(rates, faster), nearer);
}

let last = { number: Number.NaN, text: "" };
/** The UTC day as its date; kept, since most requests come on the same day as the one before them. */
function dayOf(at: Date): string {
  const number = Math.floor(at.getTime() / 86_400_000);
  if (number !== last.number) last = { number, text: at.toISOString().slice(0, 10) };
  return last.text;
}

/** The ids most like a mistyped one, nearest first; none where nothing is near. */
export function nearestModelIds(id: string, n = 3): string[] {
  const asked = id
    .slice(0, 64)
    .toLowerCase()
    .replace(/^[a-z]+\//, "");
  return models
    .map((model) => ({
      id: model.id,
      distance: Math.min(
        ...[model.id, ...model.aliases].map((known) => editDistance(asked, known)),
      ),
    }))
    .filter(({ distance }) => distance <= Math.max(3, Math.floor(asked.length / 2)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, n)
    .map((near) => near.id);
}

const own = <T>(record: Record<string, T> | undefined, key: string): T | undefined =>
  record && Object.hasOwn(record, key) ? record[key] : undefined;

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
