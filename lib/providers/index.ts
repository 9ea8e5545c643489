import type { Provider } from "@/lib/catalog/schema";
import { anthropic } from "./anthropic";
import { classifyByStatus } from "./classes";
import { google } from "./google";
import { openai } from "./openai";
import type { ErrorClass, ProviderRecord, UpstreamError } from "./schema";
import { xai } from "./xai";

const RECORDS: Record<Provider, ProviderRecord> = { openai, anthropic, google, xai };

export const providerRecord = (provider: Provider): ProviderRecord => RECORDS[provider];

/** A provider's name as people write it; the id itself for one that this version does not know. */
export const providerName = (id: string): string =>
  Object.values(RECORDS).find((record) => record.id === id)?.name ?? id;

/** What a provider's error is about: by its own codes, else by its status. */
export const classifyError = (provider: Provider, error: UpstreamError): ErrorClass =>
  providerRecord(provider).classifyError(error) ?? classifyByStatus(error);

const REDACTED = "[redacted]";

/** Takes the ids of our account out of an error's text; the text itself where it has none. */
export function redactAccountIds(provider: Provider, text: string): string {
  let redacted = text;
  for (const pattern of providerRecord(provider).accountIds)
    redacted = redacted.replace(pattern, (match: string, kept: unknown) =>
      // A pattern without a group gets the offset here.
      typeof kept === "string" ? kept + REDACTED : match === "" ? "" : REDACTED,
    );
  return redacted;
}
