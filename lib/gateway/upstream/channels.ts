import { createHash } from "node:crypto";
import { Pool } from "undici";
import type { Provider } from "@/lib/catalog/schema";
import { env } from "@/lib/env";
import { providerIds, providerSettings } from "@/lib/providers";

/** One credential of ours at one provider. */
export type Channel = {
  id: string;
  provider: Provider;
  credential: string;
  /** Names the credential in hashes: the same in every process, whatever other credentials are configured. */
  fingerprint: string;
  origin: string;
  basePath: string;
  pool: Pool;
};

const store = globalThis as typeof globalThis & { __onekeyChannels?: Channel[] };

/** A request waits for a connection above this many; accounts are limited to far fewer requests in flight. */
const CONNECTIONS_MAX = 4_096;

/** All configured channels, each with its own connections. */
export function channels(): Channel[] {
  store.__onekeyChannels ??= providerIds().flatMap((provider) => {
    const { baseUrl, keys } = providerSettings(provider);
    if (keys.length === 0) return [];
    const base = new URL(baseUrl);
    const { headerTimeoutMs, idleTimeoutMs } = env().limits;
    const createPool = () =>
      new Pool(base.origin, {
        connections: CONNECTIONS_MAX,
        headersTimeout: headerTimeoutMs,
        bodyTimeout: idleTimeoutMs,
        connect: { timeout: 10_000 },
        allowH2: false,
      });
    const basePath = base.pathname.replace(/\/$/, "");
    return keys.map((credential, i) => ({
      id: `${provider}-${i + 1}`,
      provider,
      credential,
      fingerprint: createHash("sha256").update(credential).digest("hex"),
      origin: base.origin,
      basePath,
      pool: createPool(),
    }));
  });
  return store.__onekeyChannels;
}

/** The channel of an id; undefined for one that is no longer configured. */
export const channelById = (id: string): Channel | undefined =>
  channels().find((channel) => channel.id === id);

export async function closeChannels(): Promise<void> {
  const open = store.__onekeyChannels ?? [];
  store.__onekeyChannels = undefined;
  await Promise.all(open.map(({ pool }) => pool.close()));
}
