import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import path from "node:path";
import { z } from "zod";
import { parseCredits } from "@/lib/money";

/** Everything that is wrong with the environment, found in one go. Never quotes a value: it may be a secret. */
export class EnvError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The environment needs ${problems.length === 1 ? "a change" : `${problems.length} changes`}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "EnvError";
  }
}

const text = z.string().optional();
const port = wholeNumber(0, 65_535);
const milliseconds = wholeNumber(1, 86_400_000);
const secret = z.string().min(32, "must be at least 32 characters").optional();
const url = z
  .string()
  .refine((value) => isPlainUrl(value), "must be an http(s) address without credentials, query or fragment")
  .optional();
const providerUrl = url.refine(
  (value) => value === undefined || !URL.canParse(value) || isSafeTransport(value),
  "must be https unless its host is loopback",
);
const openAiUrl = providerUrl.refine((value) => value === undefined || /\/v1\/*$/.test(value), "must end in /v1");
const bareUrl = providerUrl.refine(
  (value) => value === undefined || !/\/v\d+[a-z]*\/*$/.test(value),
  "must not end in a version such as /v1",
);
/** What a chain's node says becomes credits, so nobody on the way may change it. Its address may hold a key. */
const nodeUrl = z
  .url("must be an address")
  .refine((value) => !URL.canParse(value) || isSafeTransport(value), "must be https unless its host is loopback")
  .optional();
const credentials = z
  .string()
  .refine(
    (value) => /^[\x21-\x7e]+(?:\s*,\s*[\x21-\x7e]+)*,?$/.test(value),
    "must be credentials without spaces, separated by commas",
  )
  .optional();
const credits = z
  .string()
  .refine((value) => isAmount(value), "must be an amount in credits of 0 or more, with at most 9 decimal places");

/** Every variable that OneKey reads, by its name in the environment. */
export const Variables = z.object({
  ONEKEY_MODE: z.enum(["sandbox", "live"], "must be sandbox or live").default("sandbox"),
  ONEKEY_DATA_DIR: z.string().default(".data"),
  HOST: z.string().default("127.0.0.1"),
  PORT: port.default(3000),
  METRICS_PORT: port.optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, "must start with mongodb:// or mongodb+srv://")
    .optional(),
  ONEKEY_SANDBOX_MONGODB_URI: z
    .string()
    .regex(
      /^mongodb:\/\/(127\.0\.0\.1|localhost|\[::1\]|%2F[^/@]*)(:\d+)?\//i,
      "must be mongodb:// on loopback, with no credentials",
    )
    .optional(),
  KEY_PEPPER: secret,
  NEXTAUTH_URL: url,
  NEXTAUTH_SECRET: secret,
  CRON_SECRET: secret,
  OPENAI_API_KEY: credentials,
  OPENAI_BASE_URL: openAiUrl,
  ANTHROPIC_API_KEY: credentials,
  ANTHROPIC_BASE_URL: bareUrl,
  GEMINI_API_KEY: credentials,
  GOOGLE_GEMINI_BASE_URL: bareUrl,
  XAI_API_KEY: credentials,
  XAI_BASE_URL: openAiUrl,
  STREAM_USAGE: z.enum(["observe", "include"], "must be observe or include").default("observe"),
  FREE_CREDITS_MAX: credits.default("2"),
  PURCHASE_FEE_BPS: wholeNumber(0, 10_000).default(0),
  PURCHASE_FEE_FIXED: credits.default("0"),
  CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[a-z0-9-]+$/i, "must be the name of a header")
    .optional(),
  HEADER_TIMEOUT_MS: milliseconds.default(600_000),
  IDLE_TIMEOUT_MS: milliseconds.default(300_000),
  TOTAL_TIMEOUT_MS: milliseconds.default(3_600_000),
  SHUTDOWN_GRACE_MS: milliseconds.default(30_000),
  BODY_BYTES_MAX: wholeNumber(1024, 1_073_741_824).default(33_554_432),
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  GITHUB_CLIENT_ID: text,
  GITHUB_CLIENT_SECRET: text,
  RESEND_API_KEY: text,
  EMAIL_FROM: text,
  CONTACT_EMAIL: z.email("must be an email address").optional(),
  OPERATOR_EMAILS: z
    .string()
    .transform(split)
    // Lower-cased once it is known to be ASCII, as an account's own address is.
    .pipe(z.array(z.email("must be email addresses, separated by commas").transform((each) => each.toLowerCase())))
    .optional(),
  STRIPE_SECRET_KEY: text,
  STRIPE_WEBHOOK_SECRET: text,
  STRIPE_TAX: z.enum(["off", "automatic"], "must be off or automatic").default("off"),
  TREASURY_ADDRESS: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address of 0x and 40 hexadecimal digits")
    .optional(),
  BASE_RPC_URL: nodeUrl,
  ETHEREUM_RPC_URL: nodeUrl,
  ETHERSCAN_API_KEY: text,
  BASE_CONFIRMATIONS: wholeNumber(1, 1_000).default(12),
  ETHEREUM_CONFIRMATIONS: wholeNumber(1, 1_000).default(12),
  FINALIZED_FROM: credits.default("1000"),
  WALLETCONNECT_PROJECT_ID: z
    .string()
    .regex(/^[0-9a-f]{32}$/, "must be the 32 hexadecimal digits that WalletConnect names a project by")
    .optional(),
  GTM_ID: text,
  COOKIEBOT_ID: text,
  ONEKEY_SANDBOX_PROVIDERS: url,
  ONEKEY_SANDBOX_MAIL: url,
  ONEKEY_SANDBOX_GOOGLE: url,
  ONEKEY_SANDBOX_GITHUB: url,
  ONEKEY_SANDBOX_STRIPE: url,
  ONEKEY_SANDBOX_BASE: url,
  ONEKEY_SANDBOX_ETHEREUM: url,
  ONEKEY_SANDBOX_WALLETCONNECT: url,
});
type Variables = z.infer<typeof Variables>;
type Name = keyof Variables;

/** What the sandbox refuses to take from the environment: whatever reaches someone else's service, or signs for us. */
const liveOnly: Name[] = [
  "MONGODB_URI",
  "KEY_PEPPER",
  "NEXTAUTH_SECRET",
  "CRON_SECRET",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_BASE_URL",
  "GEMINI_API_KEY",
  "GOOGLE_GEMINI_BASE_URL",
  "XAI_API_KEY",
  "XAI_BASE_URL",
  "GOOGLE_CLIENT_ID",
  "GOOGLE_CLIENT_SECRET",
  "GITHUB_CLIENT_ID",
  "GITHUB_CLIENT_SECRET",
  "RESEND_API_KEY",
  "EMAIL_FROM",
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRET",
  "TREASURY_ADDRESS",
  "BASE_RPC_URL",
  "ETHEREUM_RPC_URL",
  "ETHERSCAN_API_KEY",
  "WALLETCONNECT_PROJECT_ID",
  "GTM_ID",
  "COOKIEBOT_ID",
];
const sandboxNames = [
  "ONEKEY_SANDBOX_PROVIDERS",
  "ONEKEY_SANDBOX_MAIL",
  "ONEKEY_SANDBOX_GOOGLE",
  "ONEKEY_SANDBOX_GITHUB",
  "ONEKEY_SANDBOX_STRIPE",
  "ONEKEY_SANDBOX_BASE",
  "ONEKEY_SANDBOX_ETHEREUM",
  "ONEKEY_SANDBOX_WALLETCONNECT",
] as const satisfies Name[];
const providerKeys: Name[] = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "XAI_API_KEY"];

export type Env = ReturnType<typeof loadEnv>;
type Source = Record<string, string | undefined>;
interface Secrets {
  keyPepper: string;
  nextauthSecret: string;
}

/** The environment of this process, read once. Throws an `EnvError` that lists every problem. */
export function env(): Env {
  const memo = globalThis as { onekeyEnv?: Env };
  if (memo.onekeyEnv === undefined) {
    memo.onekeyEnv = loadEnv(process.env);
    // next-auth takes its own address from nowhere else.
    process.env.NEXTAUTH_URL = memo.onekeyEnv.nextauthUrl;
  }
  return memo.onekeyEnv;
}

/** `parseEnv`, with the secrets that were not given read from `secrets.json` in the data directory, or made there once. */
export function loadEnv(source: Source) {
  const settings = parseEnv(source);
  const { keyPepper, nextauthSecret } = settings;
  if (keyPepper !== undefined && nextauthSecret !== undefined) return { ...settings, keyPepper, nextauthSecret };
  const saved = savedSecrets(settings.dataDir);
  return {
    ...settings,
    keyPepper: keyPepper ?? saved.keyPepper,
    nextauthSecret: nextauthSecret ?? saved.nextauthSecret,
  };
}

/** Reads the settings from `source` alone; touches nothing. */
export function parseEnv(source: Source) {
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
    nextauthUrl: it.NEXTAUTH_URL ?? `http://${it.HOST.includes(":") ? `[${it.HOST}]` : it.HOST}:${it.PORT}`,
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
    /** The accounts that see the operator's page, by their addresses in lower case. */
    operatorEmails: it.OPERATOR_EMAILS ?? (it.ONEKEY_MODE === "sandbox" ? ["demo@onekey.local"] : []),
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

/** An empty variable counts as unset. In the sandbox, so does whatever belongs to live. */
function choose(source: Source) {
  const given: Partial<Record<Name, string>> = {};
  for (const name of Object.keys(Variables.shape) as Name[]) {
    const value = source[name]?.trim();
    if (value) given[name] = value;
  }
  if ((given.ONEKEY_MODE ?? "sandbox") !== "sandbox") return { given, ignored: [] };
  // Some shells export HOST as the machine's name, and NEXTAUTH_URL may be that of a deployment.
  const foreign: Name[] = [];
  if (given.HOST !== undefined && !isLoopback(given.HOST)) foreign.push("HOST");
  if (given.NEXTAUTH_URL !== undefined && !isLoopbackUrl(given.NEXTAUTH_URL)) foreign.push("NEXTAUTH_URL");
  const ignored = [...liveOnly, ...foreign].filter((name) => given[name] !== undefined);
  for (const name of ignored) delete given[name];
  return { given, ignored };
}

/** What is missing or contradictory across variables, whether or not each of them is well-formed. */
function missing(given: Partial<Record<Name, string>>): string[] {
  const problems: string[] = [];
  const has = (name: Name) => given[name] !== undefined;
  for (const [feature, ...names] of [
    ["Google sign-in", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
    ["GitHub sign-in", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
    ["Email", "RESEND_API_KEY", "EMAIL_FROM"],
    ["Stripe", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"],
    ["Analytics", "GTM_ID", "COOKIEBOT_ID"],
  ] as [string, ...Name[]][]) {
    const absent = names.filter((name) => !has(name));
    if (absent.length > 0 && absent.length < names.length)
      problems.push(`${feature} is half configured: set ${absent.join(", ")} too, or none.`);
  }
  const chain = (
    ["TREASURY_ADDRESS", "BASE_RPC_URL", "ETHEREUM_RPC_URL", "ETHERSCAN_API_KEY", "WALLETCONNECT_PROJECT_ID"] as const
  ).filter(has);
  if (chain.length > 0 && !(has("TREASURY_ADDRESS") && (has("BASE_RPC_URL") || has("ETHEREUM_RPC_URL")))) {
    problems.push(
      "Crypto payments are half configured: they need TREASURY_ADDRESS and BASE_RPC_URL or ETHEREUM_RPC_URL.",
    );
  }
  if (given.ONEKEY_MODE !== "live") {
    for (const name of sandboxNames) {
      const url = given[name];
      if (url !== undefined && !isLoopbackUrl(url)) problems.push(`${name} must be on loopback.`);
    }
    return problems;
  }
  if (!providerKeys.some(has)) problems.push(`Live mode needs at least one of ${providerKeys.join(", ")}.`);
  if (has("MONGODB_URI")) {
    for (const name of ["KEY_PEPPER", "NEXTAUTH_SECRET"] as const)
      if (!has(name)) problems.push(`${name} is required with MONGODB_URI.`);
  }
  const linking = (["GOOGLE_CLIENT_ID", "GITHUB_CLIENT_ID", "RESEND_API_KEY", "STRIPE_SECRET_KEY"] as const).filter(
    has,
  );
  if (linking.length > 0 && !has("NEXTAUTH_URL"))
    problems.push(`NEXTAUTH_URL (the public address) is required with ${linking.join(", ")}.`);
  if (has("ONEKEY_SANDBOX_MONGODB_URI"))
    problems.push("ONEKEY_SANDBOX_MONGODB_URI is for the sandbox: set MONGODB_URI in live mode.");
  for (const name of sandboxNames.filter(has))
    problems.push(`${name} is for the sandbox: no stand-in can be used in live mode.`);
  return problems;
}

function providers(it: Variables) {
  return {
    openai: { baseUrl: trimSlash(it.OPENAI_BASE_URL ?? "https://api.openai.com/v1"), keys: split(it.OPENAI_API_KEY) },
    anthropic: {
      baseUrl: trimSlash(it.ANTHROPIC_BASE_URL ?? "https://api.anthropic.com"),
      keys: split(it.ANTHROPIC_API_KEY),
    },
    google: {
      baseUrl: trimSlash(it.GOOGLE_GEMINI_BASE_URL ?? "https://generativelanguage.googleapis.com"),
      keys: split(it.GEMINI_API_KEY),
    },
    xai: { baseUrl: trimSlash(it.XAI_BASE_URL ?? "https://api.x.ai/v1"), keys: split(it.XAI_API_KEY) },
  };
}

/** The stand-ins' addresses; port 9 (discard) where none was started, so that nothing can be reached by mistake. */
function standIns(it: Variables): ReturnType<typeof providers> {
  const base = trimSlash(it.ONEKEY_SANDBOX_PROVIDERS ?? "http://127.0.0.1:9");
  return {
    openai: { baseUrl: `${base}/openai/v1`, keys: ["sandbox-openai"] },
    anthropic: { baseUrl: `${base}/anthropic`, keys: ["sandbox-anthropic"] },
    google: { baseUrl: `${base}/google`, keys: ["sandbox-google"] },
    xai: { baseUrl: `${base}/xai/v1`, keys: ["sandbox-xai"] },
  };
}

function chain(it: Variables) {
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
function standInChain(it: Variables): ReturnType<typeof chain> {
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

function walletConnect({ WALLETCONNECT_PROJECT_ID: projectId }: Variables) {
  return projectId === undefined ? null : { projectId, relayUrl: "wss://relay.walletconnect.org" };
}

/** Only tests start a stand-in relay: no real wallet speaks to one, and the sandbox has a wallet of its own. */
function standInRelay(it: Variables): ReturnType<typeof walletConnect> {
  const url = it.ONEKEY_SANDBOX_WALLETCONNECT;
  return url === undefined ? null : { projectId: "sandbox", relayUrl: trimSlash(url).replace(/^http/, "ws") };
}

/** The settings of the stand-in for Stripe, when one was started; it signs with a secret that protects nothing. */
function stripeStandIn(it: Variables) {
  const url = it.ONEKEY_SANDBOX_STRIPE;
  return url === undefined
    ? null
    : { secretKey: "sk_test_sandbox", webhookSecret: "whsec_sandbox", apiUrl: trimSlash(url), tax: true };
}

/** Where the stand-ins are, by what each stands in for; undefined for one that was not started. */
function sandboxUrls(it: Variables) {
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

const SavedSecrets = z.object({ keyPepper: z.string().min(32), nextauthSecret: z.string().min(32) });

/** Written beside and linked into place, so that of several processes starting at once one decides. */
function savedSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, "secrets.json");
  const read = () => SavedSecrets.parse(JSON.parse(readFileSync(file, "utf8")));
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw new EnvError([`${file} is damaged: restore it. Without it, no key that was issued works.`]);
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const fresh = () => randomBytes(32).toString("base64url");
  writeFileSync(draft, `${JSON.stringify({ keyPepper: fresh(), nextauthSecret: fresh() })}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return read();
}

function pair<T>(
  first: string | undefined,
  second: string | undefined,
  build: (first: string, second: string) => T,
): T | null {
  return first === undefined || second === undefined ? null : build(first, second);
}

function split(list: string | undefined): string[] {
  return [
    ...new Set(
      (list ?? "")
        .split(",")
        .map((key) => key.trim())
        .filter((key) => key !== ""),
    ),
  ];
}

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function isAmount(value: string): boolean {
  try {
    return parseCredits(value) >= 0;
  } catch {
    return false;
  }
}

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const it = new URL(value);
  return (
    /^https?:$/.test(it.protocol) && it.username === "" && it.password === "" && it.search === "" && it.hash === ""
  );
}

function isSafeTransport(value: string): boolean {
  return new URL(value).protocol === "https:" || isLoopbackUrl(value);
}

function isLoopbackUrl(value: string): boolean {
  return URL.canParse(value) && isLoopback(new URL(value).hostname);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."));
}

function trimSlash(value: string): string {
  return value.replace(/\/+$/, "");
}
