import { recordCheck } from "@/lib/catalog/checks/record";
import type { CatalogCheck, CatalogFinding } from "@/lib/catalog/checks/schema";
import { DISAGREEMENTS } from "@/lib/catalog/genai-prices.disagreements";
import { refreshCatalog } from "@/lib/catalog/overlays/refresh";
import { isNotOffered } from "@/lib/catalog/not-offered";
import { catalogVersion, findModel, listModels, resolveModel } from "@/lib/catalog/queries";
import type { Model, Provider } from "@/lib/catalog/schema";
import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { errorName, log } from "@/lib/log";
import { providerIds } from "@/lib/providers";
import { compareWithGenaiPrices } from "./genai-prices";
import { compareWithPriceList } from "./price-list";
import { listProviderModels, type ProviderModel } from "./provider-models";

/** Compares the catalog with what the providers list and with the price lists, and records what differs. */
export async function checkCatalog(): Promise<CatalogCheck> {
  await refreshCatalog();
  const at = new Date(now());
  const lists = await Promise.all(providerIds().map((provider) => askProvider(provider)));
  const findings = lists.flatMap(({ provider, models }) =>
    models ? compareModels(provider, models, at) : [],
  );
  findings.push(...(await comparePrices(at)));
  return recordCheck({
    at,
    catalogVersion: catalogVersion(at),
    findings,
    providers: lists.map(({ provider, models, problem }) => ({
      provider,
      listed: models?.length ?? null,
      problem,
    })),
  });
}

type CatalogSource = { provider: Provider; models: ProviderModel[] | null; problem: string | null };

async function askProvider(provider: Provider): Promise<CatalogSource> {
  try {
    const models = await listProviderModels(provider);
    return { provider, models, problem: models === null ? "No credential is set." : null };
  } catch (error) {
    log.warn("catalog.check_failed", { code: provider, error: errorName(error) });
    const status = error instanceof Error ? /^status \d{3}$/.exec(error.message)?.[0] : undefined;
    return {
      provider,
      models: null,
      problem: status ? `It responded with ${status}.` : "It could not be reached.",
    };
  }
}

function compareModels(
  provider: Provider,
  providerModels: ProviderModel[],
  at: Date,
): CatalogFinding[] {
  const ids = new Set(providerModels.map(({ id }) => id));
  const removedModels = listModels(at).filter(
    (model) =>
      model.provider === provider && ![model, ...model.aliases].some(({ id }) => ids.has(id)),
  );
  return [
    ...providerModels.flatMap(
      (model) => fresh(provider, model, at) ?? ending(provider, model, at) ?? [],
    ),
    ...removedModels.map(({ id }): CatalogFinding => ({
      kind: "gone",
      provider,
      model: id,
      detail: "It is on offer here, and its provider no longer lists it.",
    })),
  ];
}

function fresh(provider: Provider, { id, ends }: ProviderModel, at: Date): CatalogFinding | null {
  if (findModel(id, at) || resolveModel(id, at).kind === "retired" || isNotOffered(id)) return null;
  const end = ends === null ? "" : ` It ends on ${ends}.`;
  return {
    kind: "new",
    provider,
    model: id,
    detail: `The provider lists it, and the catalog does not know it.${end}`,
  };
}

function ending(provider: Provider, { id, ends }: ProviderModel, at: Date): CatalogFinding | null {
  const model = findModel(id, at);
  if (!model || model.id !== id || ends === null || ends === model.retires) return null;
  const replacedBy = model.replacedBy ?? newestOf(model, at);
  return {
    kind: "ending",
    provider,
    model: id,
    detail: `The provider ends it on ${ends}; the catalog says ${model.retires ?? "nothing"}.`,
    patch: {
      retires: ends,
      ...(replacedBy === undefined ? {} : { replacedBy }),
    },
  };
}

/** The newest current model that sells the same at the same provider. */
const newestOf = ({ id, provider, kind }: Model, at: Date): string | undefined =>
  listModels(at).find(
    (otherModel) =>
      otherModel.provider === provider &&
      otherModel.kind === kind &&
      otherModel.id !== id &&
      otherModel.status === "current" &&
      !otherModel.retires,
  )?.id;

async function comparePrices(at: Date): Promise<CatalogFinding[]> {
  const models = listModels(at);
  const differences = (await compareWithGenaiPrices(models, at))
    .filter(({ line }) => !Object.hasOwn(DISAGREEMENTS, line))
    .map(({ model, line }) => ({ model, line: `genai-prices: ${line}` }));
  const { priceListUrl } = env();
  if (priceListUrl !== null) {
    const findings = await compareWithPriceList(priceListUrl, models, at).catch(
      (error: unknown) => {
        log.warn("catalog.check_failed", { code: "price_list", error: errorName(error) });
        return [];
      },
    );
    differences.push(
      ...findings.map(({ model, line }) => ({ model, line: `price list: ${line}` })),
    );
  }
  return differences.map(({ model, line }) => ({
    kind: "price",
    provider: model.provider,
    model: model.id,
    detail: line,
  }));
}
