import path from "node:path";
import { parseCredits } from "@/lib/money";
import { EnvError } from "./env-error";
import { savedSecrets } from "./saved-secrets";
import {
  chain,
  pair,
  providers,
  sandboxUrls,
  standInChain,
  standInRelay,
  standIns,
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
    keyPepper: it.KEY_PEPPER,
    nextauthUrl:
      it.NEXTAUTH_URL ?? `http://${it.HOST.includes(":") ? `[${it.HOST}]` : it.HOST}:${it.PORT}`,
    nextauthSecret: it.NEXTAUTH_SECRET,
    cronSecret: it.CRON_SECRET ?? null,
    providers: it.ONEKEY_MODE === "sandbox" ? standIns(it) : providers(it),
    purchaseFeeBps: it.PURCHASE_FEE_BPS,
    purchaseFeeFixed: parseCredits(it.PURCHASE_FEE_FIXED),
    freeCreditsMax: parseCredits(it.FREE_CREDITS_MAX),
    streamUsage: it.STREAM_USAGE,
    clientAddressHeader: it.CLIENT_ADDRESS_HEADER?.toLowerCase(),
    limits: {
      headerTimeoutMs: it.HEADER_TIMEOUT_MS,
      idleTimeoutMs: it.IDLE_TIMEOUT_MS,
      totalTimeoutMs: it.TOTAL_TIMEOUT_MS,
      shutdownGraceMs: it.SHUTDOWN_GRACE_MS,
      bodyBytesMax: it.BODY_BYTES_MAX,
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
