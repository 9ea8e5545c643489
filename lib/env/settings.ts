import { parseCredits } from "@/lib/money";
import { split, trimSlash } from "./values";
import type { EnvVariables } from "./variables";

/** What the environment says of each provider, by the id of its record: an address other than the usual one, and credentials. */
export function providers(
  variables: EnvVariables,
): Record<string, { baseUrl: string | null; keys: string[] }> {
  const settings = (baseUrl: string | undefined, keys: string | undefined) => ({
    baseUrl: baseUrl === undefined ? null : trimSlash(baseUrl),
    keys: split(keys),
  });
  return {
    openai: settings(variables.OPENAI_BASE_URL, variables.OPENAI_API_KEY),
    anthropic: settings(variables.ANTHROPIC_BASE_URL, variables.ANTHROPIC_API_KEY),
    google: settings(variables.GOOGLE_GEMINI_BASE_URL, variables.GEMINI_API_KEY),
    xai: settings(variables.XAI_BASE_URL, variables.XAI_API_KEY),
  };
}

export function adminKeys(variables: EnvVariables): {
  openai: string | null;
  anthropic: string | null;
} {
  if (variables.ONEKEY_MODE === "sandbox")
    return { openai: "sandbox-admin", anthropic: "sandbox-admin" };
  return {
    openai: variables.OPENAI_ADMIN_KEY ?? null,
    anthropic: variables.ANTHROPIC_ADMIN_KEY ?? null,
  };
}

export function priceListUrl(variables: EnvVariables): string | null {
  if (variables.ONEKEY_MODE === "live") return variables.CATALOG_PRICE_LIST_URL ?? null;
  const { providers: mock } = sandboxUrls(variables);
  return mock === undefined ? null : `${mock}/price-list.json`;
}

export function chain(variables: EnvVariables) {
  if (variables.TREASURY_ADDRESS === undefined) return null;
  return {
    treasuryAddress: variables.TREASURY_ADDRESS,
    baseRpcUrl: variables.BASE_RPC_URL ?? null,
    ethereumRpcUrl: variables.ETHEREUM_RPC_URL ?? null,
    etherscanApiKey: variables.ETHERSCAN_API_KEY ?? null,
    confirmations: {
      base: variables.BASE_CONFIRMATIONS,
      ethereum: variables.ETHEREUM_CONFIRMATIONS,
    },
    finalizedFrom: parseCredits(variables.FINALIZED_FROM),
  };
}

/** "OneKey" in hexadecimal; nobody holds its key. */
const SANDBOX_TREASURY = "0x4f6e654b65790000000000000000000000000001";

/** The local chains; null where they were not started, as without their program. */
export function mockChain(variables: EnvVariables): ReturnType<typeof chain> {
  const { base, ethereum } = sandboxUrls(variables);
  if (base === undefined && ethereum === undefined) return null;
  return chain({
    ...variables,
    TREASURY_ADDRESS: SANDBOX_TREASURY,
    BASE_RPC_URL: base,
    ETHEREUM_RPC_URL: ethereum,
    ETHERSCAN_API_KEY: undefined,
  });
}

export function walletConnect({ WALLETCONNECT_PROJECT_ID: projectId }: EnvVariables) {
  return projectId === undefined ? null : { projectId, relayUrl: "wss://relay.walletconnect.org" };
}

/** Only tests start a mock relay: no real wallet connects to one, and the sandbox has its own wallet. */
export function mockRelay(variables: EnvVariables): ReturnType<typeof walletConnect> {
  const url = variables.ONEKEY_SANDBOX_WALLETCONNECT;
  return url === undefined
    ? null
    : { projectId: "sandbox", relayUrl: trimSlash(url).replace(/^http/, "ws") };
}

/** The settings of the mock Stripe, when one was started; it signs with a secret that protects nothing. */
export function mockStripe(variables: EnvVariables) {
  const url = variables.ONEKEY_SANDBOX_STRIPE;
  return url === undefined
    ? null
    : {
        secretKey: "sk_test_sandbox",
        webhookSecret: "whsec_sandbox",
        apiUrl: trimSlash(url),
        tax: true,
      };
}

/** The URLs of the mocks, by service; undefined for one that was not started. */
export function sandboxUrls(variables: EnvVariables) {
  const at = (url: string | undefined) => (url === undefined ? undefined : trimSlash(url));
  return {
    providers: at(variables.ONEKEY_SANDBOX_PROVIDERS),
    mail: at(variables.ONEKEY_SANDBOX_MAIL),
    google: at(variables.ONEKEY_SANDBOX_GOOGLE),
    github: at(variables.ONEKEY_SANDBOX_GITHUB),
    stripe: at(variables.ONEKEY_SANDBOX_STRIPE),
    base: at(variables.ONEKEY_SANDBOX_BASE),
    ethereum: at(variables.ONEKEY_SANDBOX_ETHEREUM),
    walletconnect: at(variables.ONEKEY_SANDBOX_WALLETCONNECT),
  };
}

export function pair<T>(
  first: string | undefined,
  second: string | undefined,
  build: (first: string, second: string) => T,
): T | null {
  return first === undefined || second === undefined ? null : build(first, second);
}
