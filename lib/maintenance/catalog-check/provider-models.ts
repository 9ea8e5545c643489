import { z } from "zod";
import type { Provider } from "@/lib/catalog/schema";
import { providerRecord, providerSettings } from "@/lib/providers";
import { fetchJson } from "./fetch-json";

/** A model as its provider lists it; `ends` is the day on which it says that it will stop. */
export type ProviderModel = { id: string; ends: string | null };

const PAGES_MAX = 20;

/** Asks a provider for the models that our first credential there may use; null where there is no credential. */
export async function listProviderModels(provider: Provider): Promise<ProviderModel[] | null> {
  const { baseUrl, keys } = providerSettings(provider);
  const [key] = keys;
  if (key === undefined) return null;
  switch (providerRecord(provider).modelList) {
    case "openai":
      return listOpenAi(baseUrl, key);
    case "anthropic":
      return listAnthropic(baseUrl, key);
    case "google":
      return listGoogle(baseUrl, key);
  }
}

/** `shutdown_date`: https://developers.openai.com/api/docs/api-reference/models/object */
const OpenAiList = z.object({
  data: z.array(z.object({ id: z.string(), shutdown_date: z.string().nullish() })),
});

async function listOpenAi(baseUrl: string, key: string): Promise<ProviderModel[]> {
  const { data } = OpenAiList.parse(
    await fetchJson(`${baseUrl}/models`, { authorization: `Bearer ${key}` }),
  );
  return data.map(({ id, shutdown_date: ends }) => ({ id, ends: dayOf(ends) }));
}

/** `retires_at`, `lifecycle`: https://platform.claude.com/docs/en/api/models/list */
const AnthropicList = z.object({
  data: z.array(
    z.object({ id: z.string(), retires_at: z.string().nullish(), lifecycle: z.string().nullish() }),
  ),
  has_more: z.boolean().optional(),
  last_id: z.string().nullish(),
});

async function listAnthropic(baseUrl: string, key: string): Promise<ProviderModel[]> {
  const models: ProviderModel[] = [];
  let after = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const url = `${baseUrl}/v1/models?limit=1000${after && `&after_id=${encodeURIComponent(after)}`}`;
    const list = AnthropicList.parse(
      await fetchJson(url, { "x-api-key": key, "anthropic-version": "2023-06-01" }),
    );
    models.push(...list.data.map(({ id, retires_at: ends }) => ({ id, ends: dayOf(ends) })));
    if (!list.has_more || !list.last_id) break;
    after = list.last_id;
  }
  return models;
}

/** https://ai.google.dev/api/models#method:-models.list */
const GoogleList = z.object({
  models: z.array(z.object({ name: z.string() })),
  nextPageToken: z.string().optional(),
});

async function listGoogle(baseUrl: string, key: string): Promise<ProviderModel[]> {
  const models: ProviderModel[] = [];
  let token = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const url = `${baseUrl}/v1beta/models?pageSize=1000${token && `&pageToken=${encodeURIComponent(token)}`}`;
    const list = GoogleList.parse(await fetchJson(url, { "x-goog-api-key": key }));
    models.push(
      ...list.models.map(({ name }) => ({ id: name.replace(/^models\//, ""), ends: null })),
    );
    if (!list.nextPageToken) break;
    token = list.nextPageToken;
  }
  return models;
}

const dayOf = (date: string | null | undefined): string | null =>
  /^\d{4}-\d\d-\d\d/.exec(date ?? "")?.[0] ?? null;
