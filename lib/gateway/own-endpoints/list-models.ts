import { listModels } from "@/lib/catalog/queries";
import type { Model } from "@/lib/catalog/schema";
import { now } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import type { Dialect } from "../request/endpoints";
import { offeredModel } from "../request/offered-model";

/** `allowed`: the ids that the key may call, undefined for all. */
type ListRequest = { dialect: Dialect; allowed: string[] | undefined; query: string };

/** The models that a key may call: those of the dialect that it and its project allow, by pages where the query asks for them. */
export function modelListView({ dialect, allowed, query }: ListRequest) {
  const hasDialect = {
    openai: () => true,
    anthropic: (model: Model) => model.endpoints.includes("messages"),
    gemini: (model: Model) => model.endpoints.some((name) => name.startsWith("gemini.")),
  }[dialect];
  const models = listModels().filter(
    (model) => hasDialect(model) && (allowed?.includes(model.id) ?? true),
  );
  const parameters = new URLSearchParams(query);
  switch (dialect) {
    case "openai":
      return { object: "list", data: models.map((model) => modelShape(model, dialect)) };
    case "anthropic":
      return anthropicPage(models, parameters);
    case "gemini":
      return geminiPage(models, parameters);
  }
}

/** Without a limit all models are one page. https://docs.claude.com/en/api/models-list */
function anthropicPage(models: Model[], query: URLSearchParams) {
  const limit = sizeOf(query, "limit");
  const [afterId, beforeId] = [query.get("after_id"), query.get("before_id")];
  const indexOf = (id: string, param: string) => {
    const index = models.findIndex((model) => model.id === id);
    if (index < 0)
      throw new AppError("bad_request", `${param} is not a model of this list.`, { param });
    return index;
  };
  const from = afterId === null ? 0 : indexOf(afterId, "after_id") + 1;
  const to = beforeId === null ? models.length : indexOf(beforeId, "before_id");
  const range = models.slice(from, to);
  // A page before an id has the models nearest to it.
  const page = beforeId !== null && afterId === null ? range.slice(-limit) : range.slice(0, limit);
  return {
    data: page.map((model) => modelShape(model, "anthropic")),
    has_more: page.length < range.length,
    first_id: page.at(0)?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

/** Without a size all models are one page; a token is the id that the page before ended with. https://ai.google.dev/api/models */
function geminiPage(models: Model[], query: URLSearchParams) {
  const size = sizeOf(query, "pageSize");
  const token = query.get("pageToken");
  const from = token ? models.findIndex((model) => model.id === token) + 1 : 0;
  if (token && from === 0)
    throw new AppError("bad_request", "pageToken is not one of this list.", { param: "pageToken" });
  const page = models.slice(from, from + size);
  const last = page.at(-1);
  return {
    models: page.map((model) => modelShape(model, "gemini")),
    ...(last && from + page.length < models.length ? { nextPageToken: last.id } : {}),
  };
}

const SIZE_MAX = 1_000;

function sizeOf(query: URLSearchParams, param: string): number {
  const text = query.get(param) ?? "";
  if (text === "") return SIZE_MAX;
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= SIZE_MAX) return Number(text);
  throw new AppError("bad_request", `${param} must be an integer from 1 to ${SIZE_MAX}.`, {
    param,
  });
}

export const modelView = (id: string, dialect: Dialect) =>
  modelShape(offeredModel(id, new Date(now())).model, dialect);

const created = (model: Model) => Math.floor(Date.parse(model.released) / 1000);

/** The first day on which a model is not served, and what to send instead; null for a model without an announced end. */
const lifecycle = ({ retires, replacedBy }: Model) => ({
  retires: retires ?? null,
  replaced_by: replacedBy ?? null,
});

function modelShape(model: Model, dialect: Dialect) {
  switch (dialect) {
    case "openai":
      return {
        id: model.id,
        object: "model",
        created: created(model),
        owned_by: model.provider,
        shutdown_date: model.retires ?? null,
        ...lifecycle(model),
      };
    case "anthropic":
      return {
        type: "model",
        id: model.id,
        display_name: model.name,
        created_at: new Date(created(model) * 1000).toISOString(),
        ...lifecycle(model),
      };
    case "gemini":
      return {
        name: `models/${model.id}`,
        displayName: model.name,
        inputTokenLimit: model.maxInput,
        outputTokenLimit: model.maxOutput,
        supportedGenerationMethods: model.endpoints
          .filter((name) => name.startsWith("gemini."))
          .map((name) => name.slice("gemini.".length)),
        ...lifecycle(model),
      };
  }
}
