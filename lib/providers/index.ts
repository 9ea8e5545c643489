import type { EndpointName } from "@/lib/catalog/schema";
import { env, type EnvSettings } from "@/lib/env";
import { anthropic } from "./anthropic";
import { classifyByStatus } from "./classes";
import { google } from "./google";
import { openai } from "./openai";
import type { ErrorClass, ProviderRecord, ProviderSettings, UpstreamError } from "./schema";
import { xai } from "./xai";

/** In the order in which pages list them. */
const records = new Map<string, ProviderRecord>(
  [openai, anthropic, google, xai].map((record) => [record.id, record]),
);
const ownSettings = new Map<string, ProviderSettings>();

/** Adds a provider whose address and credentials do not come from the environment, for tests. Returns what removes it. */
export function registerProvider(record: ProviderRecord, settings: ProviderSettings): () => void {
  records.set(record.id, record);
  ownSettings.set(record.id, settings);
  return () => {
    records.delete(record.id);
    ownSettings.delete(record.id);
  };
}

export const listProviders = (): ProviderRecord[] => [...records.values()];

export const providerIds = (): string[] => [...records.keys()];

/** Throws for a provider without a record: the catalog may only name those that have one. */
export function providerRecord(id: string): ProviderRecord {
  const record = records.get(id);
  if (!record) throw new RangeError(`There is no provider record ${JSON.stringify(id)}.`);
  return record;
}

/** The model of a request that names none; null where the endpoint needs one. */
export const defaultModel = (endpoint: EndpointName): string | null =>
  listProviders().find(({ defaultModels }) => defaultModels?.[endpoint])?.defaultModels?.[
    endpoint
  ] ?? null;

/** A provider's name as people write it; the id itself for one that this version does not know. */
export const providerName = (id: string): string => records.get(id)?.name ?? id;

/** Nothing listens there: without mock providers the sandbox reaches no one. */
const DISCARD_ORIGIN = "http://127.0.0.1:9";

type ProviderEnvironment = Pick<EnvSettings, "mode" | "providers" | "sandboxUrls">;

/** Where a provider is and as whom it is asked: its mock in the sandbox; no keys where none are configured. */
export function providerSettings(id: string, from: ProviderEnvironment = env()): ProviderSettings {
  const record = providerRecord(id);
  const testSettings = ownSettings.get(id);
  if (testSettings) return testSettings;
  const { mode, providers, sandboxUrls } = from;
  if (mode === "sandbox")
    return {
      baseUrl: `${sandboxUrls?.providers ?? DISCARD_ORIGIN}${record.sandboxPath}`,
      keys: [`sandbox-${id}`],
    };
  const { baseUrl = null, keys = [] } = providers[id] ?? {};
  return { baseUrl: baseUrl ?? record.baseUrl, keys };
}

/** What a provider's error is about: by its own codes, else by its status. */
export const classifyError = (id: string, error: UpstreamError): ErrorClass =>
  providerRecord(id).classifyError(error) ?? classifyByStatus(error);

const REDACTED = "[redacted]";

/** Takes the ids of our account out of an error's text; the text itself where it has none. */
export function redactAccountIds(id: string, text: string): string {
  let result = text;
  for (const pattern of providerRecord(id).accountIds)
    result = result.replace(pattern, (_match, prefix: unknown) =>
      // A pattern without a group gets the offset here.
      typeof prefix === "string" ? prefix + REDACTED : REDACTED,
    );
  return result;
}
