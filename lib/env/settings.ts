import { parseCredits } from "@/lib/money";
import { split, trimSlash } from "./values";
import type { Variables } from "./variables";

/** What the environment says of each provider, by the id of its record: an address other than the usual one, and credentials. */
export function providers(
  it: Variables,
): Record<string, { baseUrl: string | null; keys: string[] }> {
  const settings = (baseUrl: string | undefined, keys: string | undefined) => ({
    baseUrl: baseUrl === undefined ? null : trimSlash(baseUrl),
    keys: split(keys),
  });
  return {
    openai: settings(it.OPENAI_BASE_URL, it.OPENAI_API_KEY),
    anthropic: settings(it.ANTHROPIC_BASE_URL, it.ANTHROPIC_API_KEY),
    google: settings(it.GOOGLE_GEMINI_BASE_URL, it.GEMINI_API_KEY),
    xai: settings(it.XAI_BASE_URL, it.XAI_API_KEY),
  };
}

export function adminKeys(it: Variables): { openai: string | null; anthropic: string | null } {
  if (it.ONEKEY_MODE === "sandbox") return { openai: "sandbox-admin", anthropic: "sandbox-admin" };
  return { openai: it.OPENAI_ADMIN_KEY ?? null, anthropic: it.ANTHROPIC_ADMIN_KEY ?? null };
}

export function priceListUrl(it: Variables): string | null {
  if (it.ONEKEY_MODE === "live") return it.CATALOG_PRICE_LIST_URL ?? null;
  const { providers: mock } = sandboxUrls(it);
  return mock === undefined ? null : `${mock}/price-list.json`;
}

export function chain(it: Variables) {
  if (it.TREASURY_ADDRESS === undefined) return null;
  return {
    treasuryAddress: it.TREASURY_ADDRESS,
    baseRpcUrl: it.BASE_RPC_URL ?? null,
    ethereumRpcUrl: it.ETHEREUM_RPC_URL ?? null,
    etherscanApiKey: it.ETHERSCAN_API_KEY ?? null,
    confirmations: { base: it.BASE_CONFIRMATIONS, ethereum: it.ETHEREUM_CONFIRMATIONS },
    finalizedFrom: parseCredits(it.FINALIZED_FROM),
  };
}

/** "OneKey" in hexadecimal; nobody holds its key. */
const SANDBOX_TREASURY = "0x4f6e654b65790000000000000000000000000001";

/** The local chains; null where they were not started, as without their program. */
export function standInChain(it: Variables): ReturnType<typeof chain> {
  const { base, ethereum } = sandboxUrls(it);
  if (base === undefined && ethereum === undefined) return null;
  return chain({
    ...it,
    TREASURY_ADDRESS: SANDBOX_TREASURY,
    BASE_RPC_URL: base,
    ETHEREUM_RPC_URL: ethereum,
    ETHERSCAN_API_KEY: undefined,
  });
}

export function walletConnect({ WALLETCONNECT_PROJECT_ID: projectId }: Variables) {
  return projectId === undefined ? null : { projectId, relayUrl: "wss://relay.walletconnect.org" };
}

/** Only tests start a stand-in relay: no real wallet speaks to one, and the sandbox has a wallet of its own. */
export function standInRelay(it: Variables): ReturnType<typeof walletConnect> {
  const url = it.ONEKEY_SANDBOX_WALLETCONNECT;
  return url === undefined
    ? null
    : { projectId: "sandbox", relayUrl: trimSlash(url).replace(/^http/, "ws") };
}

/** The settings of the stand-in for Stripe, when one was started; it signs with a secret that protects nothing. */
export function stripeStandIn(it: Variables) {
  const url = it.ONEKEY_SANDBOX_STRIPE;
  return url === undefined
    ? null
    : {
        secretKey: "sk_test_sandbox",
        webhookSecret: "whsec_sandbox",
        apiUrl: trimSlash(url),
        tax: true,
      };
}

/** Where the stand-ins are, by what each stands in for; undefined for one that was not started. */
export function sandboxUrls(it: Variables) {
  const at = (url: string | undefined) => (url === undefined ? undefined : trimSlash(url));
  return {
    providers: at(it.ONEKEY_SANDBOX_PROVIDERS),
    mail: at(it.ONEKEY_SANDBOX_MAIL),
    google: at(it.ONEKEY_SANDBOX_GOOGLE),
    github: at(it.ONEKEY_SANDBOX_GITHUB),
    stripe: at(it.ONEKEY_SANDBOX_STRIPE),
    base: at(it.ONEKEY_SANDBOX_BASE),
    ethereum: at(it.ONEKEY_SANDBOX_ETHEREUM),
    walletconnect: at(it.ONEKEY_SANDBOX_WALLETCONNECT),
  };
}

export function pair<T>(
  first: string | undefined,
  second: string | undefined,
  build: (first: string, second: string) => T,
): T | null {
  return first === undefined || second === undefined ? null : build(first, second);
}
