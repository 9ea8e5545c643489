import path from "node:path";
import { parseCredits } from "@/lib/money";
import { EnvError } from "./env-error";
import { savedSecrets } from "./saved-secrets";
import {
  adminKeys,
  chain,
  pair,
  priceListUrl,
  providers,
  sandboxUrls,
  mockChain,
  mockRelay,
  mockStripe,
  walletConnect,
} from "./settings";
import { addressIn, choose, missing, EnvVariables } from "./variables";

export { EnvError, EnvVariables };

export type EnvSettings = ReturnType<typeof loadEnv>;
type EnvSource = Record<string, string | undefined>;

/** The environment of this process, read once. Throws an `EnvError` that lists every problem. */
export function env(): EnvSettings {
  const memo = globalThis as { onekeyEnv?: EnvSettings };
  if (memo.onekeyEnv === undefined) {
    memo.onekeyEnv = loadEnv(process.env);
    // next-auth takes its own address from nowhere else.
    process.env.NEXTAUTH_URL = memo.onekeyEnv.nextauthUrl;
  }
  return memo.onekeyEnv;
}

/** `parseEnv`, with the secrets that were not given read from `secrets.json` in the data directory, or made there once. */
export function loadEnv(source: EnvSource) {
  const settings = parseEnv(source);
  const { keyPepper, nextauthSecret } = settings;
  if (keyPepper !== undefined && nextauthSecret !== undefined)
    return { ...settings, keyPepper, nextauthSecret };
  const secrets = savedSecrets(settings.dataDir);
  return {
    ...settings,
    keyPepper: keyPepper ?? secrets.keyPepper,
    nextauthSecret: nextauthSecret ?? secrets.nextauthSecret,
  };
}

/** Reads the settings only from `source`; changes nothing. */
export function parseEnv(source: EnvSource) {
  const { given: values, ignored: ignoredNames } = choose(source);
  const parseResult = EnvVariables.safeParse(values);
  const problems = [
    ...(parseResult.error?.issues ?? []).map(
      (issue) => `${issue.path.join(".")} ${issue.message}.`,
    ),
    ...missing(values),
  ];
  if (!parseResult.success || problems.length > 0) throw new EnvError(problems);
  const variables = parseResult.data;
  const dataDir = path.resolve(variables.ONEKEY_DATA_DIR, variables.ONEKEY_MODE);
  return {
    mode: variables.ONEKEY_MODE,
    /** Whether `next dev` serves, whose scripts need what the pages' policy refuses otherwise. */
    development: source.NODE_ENV === "development",
    /** Names that are set in the environment and that the sandbox does not use. */
    ignored: ignoredNames,
    host: variables.HOST,
    port: variables.PORT,
    metricsPort: variables.METRICS_PORT ?? null,
    dataDir,
    mongodbUri:
      variables.ONEKEY_MODE === "sandbox"
        ? variables.ONEKEY_SANDBOX_MONGODB_URI
        : variables.MONGODB_URI,
    /** Whether this process serves the embedded database itself when no other does. */
    startsDatabase: variables.EMBEDDED_DATABASE === "start",
    /** When the embedded database acknowledges a write: after fsync, or before one that follows within 50 ms. */
    databaseSync: variables.DATABASE_SYNC,
    /** For tests: the embedded database gives no more order and atomicity than MongoDB, by this seed. */
    interleaving: variables.ONEKEY_SANDBOX_INTERLEAVING,
    /** For tests: a file to which the embedded database appends the shapes of its commands. */
    recordCommands: variables.ONEKEY_SANDBOX_RECORD_COMMANDS,
    keyPepper: variables.KEY_PEPPER,
    nextauthUrl:
      variables.NEXTAUTH_URL ??
      `http://${variables.HOST.includes(":") ? `[${variables.HOST}]` : variables.HOST}:${variables.PORT}`,
    nextauthSecret: variables.NEXTAUTH_SECRET,
    cronSecret: variables.CRON_SECRET ?? null,
    providers: providers(variables),
    /** Keys that may read what each provider charged us, for reconciliation; null where there is none. */
    adminKeys: adminKeys(variables),
    /** A price list of LiteLLM's form that the daily check compares with; null where there is none. */
    priceListUrl: priceListUrl(variables),
    purchaseFeeBps: variables.PURCHASE_FEE_BPS,
    purchaseFeeFixed: parseCredits(variables.PURCHASE_FEE_FIXED),
    freeCreditsMax: parseCredits(variables.FREE_CREDITS_MAX),
    /** Nano-credits by which one request may cost more than the balance, allowance or limit that it holds. */
    excessMax: parseCredits(variables.EXCESS_MAX),
    /** How many new accounts get free requests in one UTC day. */
    freeGrantsMax: {
      day: variables.FREE_GRANTS_PER_DAY,
      network: variables.FREE_GRANTS_PER_NETWORK,
      domain: variables.FREE_GRANTS_PER_DOMAIN,
    },
    /** What one account may ask the assistant in one UTC day. */
    assistant: {
      questionsPerDay: variables.ASSISTANT_QUESTIONS_PER_DAY,
      bytesPerDay: variables.ASSISTANT_BYTES_PER_DAY,
      freeQuestionsPerDay: variables.ASSISTANT_FREE_QUESTIONS_PER_DAY,
    },
    streamUsage: variables.STREAM_USAGE,
    clientAddressHeader: variables.CLIENT_ADDRESS_HEADER?.toLowerCase(),
    limits: {
      headerTimeoutMs: variables.HEADER_TIMEOUT_MS,
      idleTimeoutMs: variables.IDLE_TIMEOUT_MS,
      drainMs: variables.DRAIN_SECONDS * 1_000,
      totalTimeoutMs: variables.TOTAL_TIMEOUT_MS,
      shutdownGraceMs: variables.SHUTDOWN_GRACE_MS,
      bodyBytesMax: variables.BODY_BYTES_MAX,
      bufferBytesMax: variables.BUFFER_BYTES_MAX,
    },
    /** What one account may do, over all its projects. */
    accountLimits: {
      beforePurchase: {
        requestsPerMinute: variables.NEW_ACCOUNT_REQUESTS_PER_MINUTE,
        requestsInFlight: variables.NEW_ACCOUNT_REQUESTS_IN_FLIGHT,
      },
      afterPurchase: {
        requestsPerMinute: variables.ACCOUNT_REQUESTS_PER_MINUTE,
        requestsInFlight: variables.ACCOUNT_REQUESTS_IN_FLIGHT,
      },
    },
    /** WebSockets that clients keep open at one server process. */
    sockets: {
      perAccountMax: variables.SOCKETS_PER_ACCOUNT,
      idleTimeoutMs: variables.SOCKET_IDLE_MS,
    },
    /** What clients may take of one server process. */
    ingress: {
      connectionsMax: variables.CONNECTIONS_MAX,
      /** Null: 512, and no limit for loopback. */
      connectionsPerAddress: variables.CONNECTIONS_PER_ADDRESS ?? null,
      /** Null: 120, and no limit for loopback. */
      unauthorizedPerMinute: variables.UNAUTHORIZED_PER_MINUTE ?? null,
      pageBodyBytesMax: variables.PAGE_BODY_BYTES_MAX,
      pageBodyTimeoutMs: variables.PAGE_BODY_TIMEOUT_MS,
      pageBodiesBytesMax: variables.PAGE_BODIES_BYTES_MAX,
    },
    google: pair(
      variables.GOOGLE_CLIENT_ID,
      variables.GOOGLE_CLIENT_SECRET,
      (clientId, clientSecret) => ({
        clientId,
        clientSecret,
      }),
    ),
    github: pair(
      variables.GITHUB_CLIENT_ID,
      variables.GITHUB_CLIENT_SECRET,
      (clientId, clientSecret) => ({
        clientId,
        clientSecret,
      }),
    ),
    /** Where GitHub publishes the keys that sign its reports of leaked keys; null: no reports are taken. */
    secretScanningKeysUrl:
      (variables.ONEKEY_MODE === "sandbox"
        ? variables.ONEKEY_SANDBOX_SECRET_SCANNING
        : variables.SECRET_SCANNING_KEYS_URL) ?? null,
    /** Where questions and reports go: CONTACT_EMAIL, or else the address that mails come from. Null only in the sandbox. */
    contactEmail: variables.CONTACT_EMAIL ?? addressIn(variables.EMAIL_FROM),
    /** Where the source of this deployment can be read, without a slash at the end; null where the server shows it itself. */
    sourceUrl: variables.SOURCE_URL ?? null,
    /** The accounts that see the operator's page, by their addresses in lower case. */
    operatorEmails:
      variables.OPERATOR_EMAILS ??
      (variables.ONEKEY_MODE === "sandbox" ? ["demo@onekey.local"] : []),
    resend: pair(variables.RESEND_API_KEY, variables.EMAIL_FROM, (apiKey, from) => ({
      apiKey,
      from,
    })),
    stripe:
      variables.ONEKEY_MODE === "sandbox"
        ? mockStripe(variables)
        : pair(
            variables.STRIPE_SECRET_KEY,
            variables.STRIPE_WEBHOOK_SECRET,
            (secretKey, webhookSecret) => ({
              secretKey,
              webhookSecret,
              apiUrl: "https://api.stripe.com",
              tax: variables.STRIPE_TAX === "automatic",
            }),
          ),
    chain: variables.ONEKEY_MODE === "sandbox" ? mockChain(variables) : chain(variables),
    /** Paying from a wallet on another device, which speaks to the page through a relay; null where it is off. */
    walletConnect:
      variables.ONEKEY_MODE === "sandbox" ? mockRelay(variables) : walletConnect(variables),
    analytics: pair(variables.GTM_ID, variables.COOKIEBOT_ID, (gtmId, cookiebotId) => ({
      gtmId,
      cookiebotId,
    })),
    sandboxUrls: variables.ONEKEY_MODE === "sandbox" ? sandboxUrls(variables) : null,
  };
}
