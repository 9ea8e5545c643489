import { z } from "zod";
import {
  bareUrl,
  credentials,
  credits,
  isLoopback,
  isLoopbackUrl,
  milliseconds,
  nodeUrl,
  openAiUrl,
  port,
  secret,
  split,
  text,
  url,
  integerBetween,
} from "./values";

/** Every variable that OneKey reads, by its name in the environment. */
export const EnvVariables = z.object({
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
  EMBEDDED_DATABASE: z.enum(["start", "join"], "must be start or join").default("start"),
  DATABASE_SYNC: z.enum(["always", "interval"], "must be always or interval").default("always"),
  ONEKEY_SANDBOX_INTERLEAVING: integerBetween(1, 2 ** 31 - 1).optional(),
  ONEKEY_SANDBOX_RECORD_COMMANDS: z.string().optional(),
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
  OPENAI_ADMIN_KEY: text,
  ANTHROPIC_ADMIN_KEY: text,
  CATALOG_PRICE_LIST_URL: url,
  STREAM_USAGE: z.enum(["observe", "include"], "must be observe or include").default("observe"),
  FREE_CREDITS_MAX: credits.default("2"),
  EXCESS_MAX: credits.default("1"),
  FREE_GRANTS_PER_DAY: integerBetween(0, 10_000).default(500),
  FREE_GRANTS_PER_NETWORK: integerBetween(0, 10_000).default(3),
  FREE_GRANTS_PER_DOMAIN: integerBetween(0, 10_000).default(5),
  ASSISTANT_QUESTIONS_PER_DAY: integerBetween(0, 100_000).default(50),
  ASSISTANT_BYTES_PER_DAY: integerBetween(0, 1_073_741_824).default(2_097_152),
  ASSISTANT_FREE_QUESTIONS_PER_DAY: integerBetween(0, 100_000).default(5),
  PURCHASE_FEE_BPS: integerBetween(0, 10_000).default(0),
  PURCHASE_FEE_FIXED: credits.default("0"),
  CLIENT_ADDRESS_HEADER: z
    .string()
    .regex(/^[a-z0-9-]+$/i, "must be the name of a header")
    .optional(),
  HEADER_TIMEOUT_MS: milliseconds.default(600_000),
  IDLE_TIMEOUT_MS: milliseconds.default(300_000),
  DRAIN_SECONDS: integerBetween(0, 3_600).default(120),
  TOTAL_TIMEOUT_MS: milliseconds.default(3_600_000),
  SHUTDOWN_GRACE_MS: milliseconds.default(30_000),
  CONNECTIONS_MAX: integerBetween(16, 1_000_000).default(8_192),
  CONNECTIONS_PER_ADDRESS: integerBetween(1, 1_000_000).optional(),
  UNAUTHORIZED_PER_MINUTE: integerBetween(1, 1_000_000).optional(),
  SOCKETS_PER_ACCOUNT: integerBetween(0, 100_000).default(100),
  SOCKET_IDLE_MS: milliseconds.default(300_000),
  PAGE_BODY_BYTES_MAX: integerBetween(1024, 67_108_864).default(1_114_112),
  PAGE_BODY_TIMEOUT_MS: milliseconds.default(15_000),
  PAGE_BODIES_BYTES_MAX: integerBetween(1024, 1_073_741_824).default(33_554_432),
  BODY_BYTES_MAX: integerBetween(1024, 1_073_741_824).default(33_554_432),
  BUFFER_BYTES_MAX: integerBetween(1_048_576, 1_099_511_627_776).default(536_870_912),
  NEW_ACCOUNT_REQUESTS_PER_MINUTE: integerBetween(1, 1_000_000).default(60),
  NEW_ACCOUNT_REQUESTS_IN_FLIGHT: integerBetween(1, 500).default(10),
  ACCOUNT_REQUESTS_PER_MINUTE: integerBetween(1, 1_000_000).default(3_000),
  ACCOUNT_REQUESTS_IN_FLIGHT: integerBetween(1, 500).default(500),
  GOOGLE_CLIENT_ID: text,
  GOOGLE_CLIENT_SECRET: text,
  GITHUB_CLIENT_ID: text,
  GITHUB_CLIENT_SECRET: text,
  SECRET_SCANNING_KEYS_URL: z
    .url({ protocol: /^https$/, error: "must be an https address" })
    .optional(),
  RESEND_API_KEY: text,
  EMAIL_FROM: text,
  CONTACT_EMAIL: z.email("must be an email address").optional(),
  SOURCE_URL: z
    .url({ protocol: /^https?$/, error: "must be an http or https address" })
    .transform((address) => address.replace(/\/+$/, ""))
    .optional(),
  OPERATOR_EMAILS: z
    .string()
    .transform(split)
    // Lower-cased once it is known to be ASCII, as an account's own address is.
    .pipe(
      z.array(
        z
          .email("must be email addresses, separated by commas")
          .transform((address) => address.toLowerCase()),
      ),
    )
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
  BASE_CONFIRMATIONS: integerBetween(1, 1_000).default(12),
  ETHEREUM_CONFIRMATIONS: integerBetween(1, 1_000).default(12),
  FINALIZED_FROM: credits.default("1000"),
  WALLETCONNECT_PROJECT_ID: z
    .string()
    .regex(
      /^[0-9a-f]{32}$/,
      "must be the 32 hexadecimal digits that WalletConnect names a project by",
    )
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
  ONEKEY_SANDBOX_SECRET_SCANNING: url,
});
export type EnvVariables = z.infer<typeof EnvVariables>;
type VariableName = keyof EnvVariables;

/** What the sandbox refuses to take from the environment: whatever reaches someone else's service, or signs for us. */
const liveOnly: VariableName[] = [
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
  "OPENAI_ADMIN_KEY",
  "ANTHROPIC_ADMIN_KEY",
  "CATALOG_PRICE_LIST_URL",
  "GOOGLE_CLIENT_ID",
  "GOOGLE_CLIENT_SECRET",
  "GITHUB_CLIENT_ID",
  "GITHUB_CLIENT_SECRET",
  "SECRET_SCANNING_KEYS_URL",
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
  "ONEKEY_SANDBOX_SECRET_SCANNING",
] as const satisfies VariableName[];
const providerKeys: VariableName[] = [
  "OPENAI_API_KEY",
  "ANTHROPIC_API_KEY",
  "GEMINI_API_KEY",
  "XAI_API_KEY",
];

type EnvSource = Record<string, string | undefined>;

/** An empty variable counts as unset. In the sandbox, so does whatever belongs to live. */
export function choose(source: EnvSource) {
  const values: Partial<Record<VariableName, string>> = {};
  for (const name of Object.keys(EnvVariables.shape) as VariableName[]) {
    const value = source[name]?.trim();
    if (value) values[name] = value;
  }
  if ((values.ONEKEY_MODE ?? "sandbox") !== "sandbox") return { given: values, ignored: [] };
  // Some shells export HOST as the machine's name, and NEXTAUTH_URL may be that of a deployment.
  const foreign: VariableName[] = [];
  if (values.HOST !== undefined && !isLoopback(values.HOST)) foreign.push("HOST");
  if (values.NEXTAUTH_URL !== undefined && !isLoopbackUrl(values.NEXTAUTH_URL))
    foreign.push("NEXTAUTH_URL");
  const ignoredNames = [...liveOnly, ...foreign].filter((name) => values[name] !== undefined);
  for (const name of ignoredNames) delete values[name];
  return { given: values, ignored: ignoredNames };
}

/** What is missing or contradictory across variables, whether or not each of them is well-formed. */
export function missing(values: Partial<Record<VariableName, string>>): string[] {
  const problems: string[] = [];
  const has = (name: VariableName) => values[name] !== undefined;
  for (const [feature, ...names] of [
    ["Google sign-in", "GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
    ["GitHub sign-in", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
    ["Email", "RESEND_API_KEY", "EMAIL_FROM"],
    ["Stripe", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"],
    ["Analytics", "GTM_ID", "COOKIEBOT_ID"],
  ] as [string, ...VariableName[]][]) {
    const absent = names.filter((name) => !has(name));
    if (absent.length > 0 && absent.length < names.length)
      problems.push(`${feature} is half configured: set ${absent.join(", ")} too, or none.`);
  }
  const chain = (
    [
      "TREASURY_ADDRESS",
      "BASE_RPC_URL",
      "ETHEREUM_RPC_URL",
      "ETHERSCAN_API_KEY",
      "WALLETCONNECT_PROJECT_ID",
    ] as const
  ).filter(has);
  if (
    chain.length > 0 &&
    !(has("TREASURY_ADDRESS") && (has("BASE_RPC_URL") || has("ETHEREUM_RPC_URL")))
  ) {
    problems.push(
      "Crypto payments are half configured: they need TREASURY_ADDRESS and BASE_RPC_URL or ETHEREUM_RPC_URL.",
    );
  }
  if (values.ONEKEY_MODE !== "live") {
    for (const name of sandboxNames) {
      const url = values[name];
      if (url !== undefined && !isLoopbackUrl(url)) problems.push(`${name} must be on loopback.`);
    }
    return problems;
  }
  if (!providerKeys.some(has))
    problems.push(`Live mode needs at least one of ${providerKeys.join(", ")}.`);
  if (!has("CONTACT_EMAIL") && addressIn(values.EMAIL_FROM) === null)
    problems.push(
      "CONTACT_EMAIL is required in live mode: the address where customers and reporters of security problems reach you. It may be left out where EMAIL_FROM has one that you read.",
    );
  if (has("MONGODB_URI")) {
    for (const name of ["KEY_PEPPER", "NEXTAUTH_SECRET"] as const)
      if (!has(name)) problems.push(`${name} is required with MONGODB_URI.`);
  }
  const linking = (
    ["GOOGLE_CLIENT_ID", "GITHUB_CLIENT_ID", "RESEND_API_KEY", "STRIPE_SECRET_KEY"] as const
  ).filter(has);
  if (linking.length > 0 && !has("NEXTAUTH_URL"))
    problems.push(`NEXTAUTH_URL (the public address) is required with ${linking.join(", ")}.`);
  if (has("ONEKEY_SANDBOX_MONGODB_URI"))
    problems.push("ONEKEY_SANDBOX_MONGODB_URI is for the sandbox: set MONGODB_URI in live mode.");
  for (const name of ["ONEKEY_SANDBOX_INTERLEAVING", "ONEKEY_SANDBOX_RECORD_COMMANDS"] as const)
    if (has(name)) problems.push(`${name} is for tests in the sandbox. Unset it in live mode.`);
  for (const name of sandboxNames.filter(has))
    problems.push(`${name} is for the sandbox: no mock can be used in live mode.`);
  return problems;
}

/** The email address in a sender such as `OneKey <hello@example.com>`, or null. */
export const addressIn = (sender: string | undefined): string | null =>
  /[^\s<>]+@[^\s<>]+/.exec(sender ?? "")?.[0] ?? null;
