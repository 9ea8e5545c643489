import { z } from "zod";
import { now } from "@/lib/clock";

const TIME_LIMIT_MS = 10_000;
const BYTES_MAX = 262_144;
/** GitHub publishes new keys now and then; unknown identifiers make this process ask no more often than this. */
const REFRESH_MS = 60_000;

/** https://api.github.com/meta/public_keys/secret_scanning */
const PublishedKeys = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string(), key: z.string() })),
});

let keyCache = { url: "", at: -Infinity, keys: new Map<string, string>() };

/** The public key (PEM) that GitHub signs with under an identifier; null when it publishes none. Throws when it does not respond. */
export async function findScanningKey(input: {
  url: string;
  identifier: string;
}): Promise<string | null> {
  const { url, identifier } = input;
  if (keyCache.url !== url) keyCache = { url, at: -Infinity, keys: new Map() };
  if (!keyCache.keys.has(identifier) && now() - keyCache.at >= REFRESH_MS)
    keyCache = { url, at: now(), keys: await fetchKeys(url) };
  return keyCache.keys.get(identifier) ?? null;
}

async function fetchKeys(url: string): Promise<Map<string, string>> {
  const response = await fetch(url, {
    redirect: "error",
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
    headers: { accept: "application/json", "user-agent": "OneKey" },
  });
  if (!response.ok) throw new Error(`The list of public keys was a ${response.status}.`);
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > BYTES_MAX) throw new Error("The list of public keys is too long.");
  }
  const { public_keys: list } = PublishedKeys.parse(JSON.parse(text));
  return new Map(list.map(({ key_identifier: identifier, key }) => [identifier, key]));
}
