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
  standInChain,
  standInRelay,
  stripeStandIn,
  walletConnect,
} from "./settings";
import { choose, missing, Variables } from "./variables";

export { EnvError, Variables };

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
  const saved = savedSecrets(settings.dataDir);
  return {
    ...settings,
    keyPepper: keyPepper ?? saved.keyPepper,
    nextauthSecret: nextauthSecret ?? saved.nextauthSecret,
  };
}

/** Reads the settings from `source` alone; touches nothing. */
export function parseEnv(source: EnvSource) {
  const { given, ignored } = choose(source);
  const parsed = Variables.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join(".")} ${issue.message}.`),
    ...missing(given),
  ];
  if (!parsed.success || problems.length > 0) throw new EnvError(problems);
  const it = parsed.data;
  const dataDir = path.resolve(it.ONEKEY_DATA_DIR, it.ONEKEY_MODE);
  return {
    mode: it.ONEKEY_MODE,
    /** Whether `next dev` serves, whose scripts need what the pages' policy refuses otherwise. */
    development: source.NODE_ENV === "development",
    /** Names that are set in the environment and that the sandbox does not use. */
    ignored,
    host: it.HOST,
    port: it.PORT,
    metricsPort: it.METRICS_PORT ?? null,
    dataDir,
    mongodbUri: it.ONEKEY_MODE === "sandbox" ? it.ONEKEY_SANDBOX_MONGODB_URI : it.MONGODB_URI,
    /** Whether this process serves the embedded database itself when no other does. */
    startsDatabase: it.EMBEDDED_DATABASE === "start",
    /** When the embedded database acknowledges a write: after fsync, or before one that follows within 50 ms. */
    databaseSync: it.DATABASE_SYNC,
    /** For tests: the embedded database gives no more order and atomicity than MongoDB, by this seed. */
    interleaving: it.ONEKEY_SANDBOX_INTERLEAVING,
    /** For tests: a file to which the embedded database appends the shapes of its commands. */
    recordCommands: it.ONEKEY_SANDBOX_RECORD_COMMANDS,
    keyPepper: it.KEY_PEPPER,
    nextauthUrl:
      it.NEXTAUTH_URL ?? `http://${it.HOST.includes(":") ? `[${it.HOST}]` : it.HOST}:${it.PORT}`,
    nextauthSecret: it.NEXTAUTH_SECRET,
    cronSecret: it.CRON_SECRET ?? null,
    providers: providers(it),
    /** Keys that may read what each provider charged us, for reconciliation; null where there is none. */
    adminKeys: adminKeys(it),
    /** A price list of LiteLLM's form that the daily check compares with; null where there is none. */
    priceListUrl: priceListUrl(it),
    purchaseFeeBps: it.PURCHASE_FEE_BPS,
    purchaseFeeFixed: parseCredits(it.PURCHASE_FEE_FIXED),
    freeCreditsMax: parseCredits(it.FREE_CREDITS_MAX),
    /** Nano-credits by which one request, alone, may cost more than the balance, allowance or limit that it holds. */
    excessMax: parseCredits(it.EXCESS_MAX),
    /** How many new accounts get free requests in one UTC day. */
    freeGrantsMax: {
      day: it.FREE_GRANTS_PER_DAY,
      network: it.FREE_GRANTS_PER_NETWORK,
      domain: it.FREE_GRANTS_PER_DOMAIN,
    },
    /** What one account may ask the assistant in one UTC day. */
    assistant: {
      questionsPerDay: it.ASSISTANT_QUESTIONS_PER_DAY,
      bytesPerDay: it.ASSISTANT_BYTES_PER_DAY,
      freeQuestionsPerDay: it.ASSISTANT_FREE_QUESTIONS_PER_DAY,
    },
    streamUsage: it.STREAM_USAGE,
    clientAddressHeader: it.CLIENT_ADDRESS_HEADER?.toLowerCase(),
    limits: {
      headerTimeoutMs: it.HEADER_TIMEOUT_MS,
      idleTimeoutMs: it.IDLE_TIMEOUT_MS,
      drainMs: it.DRAIN_SECONDS * 1_000,
      totalTimeoutMs: it.TOTAL_TIMEOUT_MS,
      shutdownGraceMs: it.SHUTDOWN_GRACE_MS,
      bodyBytesMax: it.BODY_BYTES_MAX,
      bufferBytesMax: it.BUFFER_BYTES_MAX,
    },
    /** What one account may do, over all its projects. */
    accountLimits: {
      beforePurchase: {
        requestsPerMinute: it.NEW_ACCOUNT_REQUESTS_PER_MINUTE,
        requestsInFlight: it.NEW_ACCOUNT_REQUESTS_IN_FLIGHT,
      },
      afterPurchase: {
        requestsPerMinute: it.ACCOUNT_REQUESTS_PER_MINUTE,
        requestsInFlight: it.ACCOUNT_REQUESTS_IN_FLIGHT,
      },
    },
    /** What clients may take of one server process. */
    ingress: {
      connectionsMax: it.CONNECTIONS_MAX,
      /** Null: 512, and no limit for loopback. */
      connectionsPerAddress: it.CONNECTIONS_PER_ADDRESS ?? null,
      /** Null: 120, and no limit for loopback. */
      unauthorizedPerMinute: it.UNAUTHORIZED_PER_MINUTE ?? null,
      pageBodyBytesMax: it.PAGE_BODY_BYTES_MAX,
      pageBodyTimeoutMs: it.PAGE_BODY_TIMEOUT_MS,
      pageBodiesBytesMax: it.PAGE_BODIES_BYTES_MAX,
    },
    google: pair(it.GOOGLE_CLIENT_ID, it.GOOGLE_CLIENT_SECRET, (clientId, clientSecret) => ({
      clientId,
      clientSecret,
    })),
    github: pair(it.GITHUB_CLIENT_ID, it.GITHUB_CLIENT_SECRET, (clientId, clientSecret) => ({
      clientId,
      clientSecret,
    })),
    /** Where questions and reports go: CONTACT_EMAIL, or else the address that mails come from. */
    contactEmail: it.CONTACT_EMAIL ?? /[^\s<>]+@[^\s<>]+/.exec(it.EMAIL_FROM ?? "")?.[0] ?? null,
    /** Where the source of this deployment can be read, without a slash at the end; null where the server shows it itself. */
    sourceUrl: it.SOURCE_URL ?? null,
    /** The accounts that see the operator's page, by their addresses in lower case. */
    operatorEmails:
      it.OPERATOR_EMAILS ?? (it.ONEKEY_MODE === "sandbox" ? ["demo@onekey.local"] : []),
    resend: pair(it.RESEND_API_KEY, it.EMAIL_FROM, (apiKey, from) => ({ apiKey, from })),
    stripe:
      it.ONEKEY_MODE === "sandbox"
        ? stripeStandIn(it)
        : pair(it.STRIPE_SECRET_KEY, it.STRIPE_WEBHOOK_SECRET, (secretKey, webhookSecret) => ({
            secretKey,
            webhookSecret,
            apiUrl: "https://api.stripe.com",
            tax: it.STRIPE_TAX === "automatic",
          })),
    chain: it.ONEKEY_MODE === "sandbox" ? standInChain(it) : chain(it),
    /** Paying from a wallet on another device, which speaks to the page through a relay; null where it is off. */
    walletConnect: it.ONEKEY_MODE === "sandbox" ? standInRelay(it) : walletConnect(it),
    analytics: pair(it.GTM_ID, it.COOKIEBOT_ID, (gtmId, cookiebotId) => ({ gtmId, cookiebotId })),
    sandboxUrls: it.ONEKEY_MODE === "sandbox" ? sandboxUrls(it) : null,
  };
}
