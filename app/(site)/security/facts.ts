import { FREE_REQUESTS } from "@/lib/accounts/schema";
import type { EnvSettings } from "@/lib/env";
import { formatUsd } from "@/lib/format";
import { SESSION_DAYS } from "@/lib/sessions/schema";
import { providerIds, providerSettings } from "@/lib/providers";

export type DeploymentFacts = ReturnType<typeof factsOf>;

/**
 * The parts of OneKey that the page speaks of only once they are there. Whoever adds one turns it on here, and the page
 * says what it does with data; what is configured on this server comes from the environment.
 */
export const builtParts = {
  signIn: true,
  cards: true,
  crypto: true,
  assistant: true,
  analytics: true,
};
export type DeploymentPart = keyof typeof builtParts;

/** What this server is set up to do, in words; no name of a host, no secret. */
export function factsOf({
  env,
  address,
  sessionCookie,
}: {
  env: EnvSettings;
  address: string;
  sessionCookie: string;
}) {
  const isEncrypted = address.startsWith("https://");
  const cloudflare = env.clientAddressHeader === "cf-connecting-ip";
  const upstream = providerIds()
    .map((id) => providerSettings(id, env))
    .filter((provider) => provider.keys.length > 0);
  const plain = upstream.filter((provider) => !provider.baseUrl.startsWith("https://"));
  return {
    sandbox: env.mode === "sandbox",
    sessionCookie,
    sessionDays: SESSION_DAYS,
    cloudflare,
    encrypted: isEncrypted,
    analytics: env.analytics !== null,
    contact: env.contactEmail,
    signIn: [
      ...((env.google ?? env.sandboxUrls?.google) ? ["Google (One Tap and redirect)"] : []),
      ...((env.github ?? env.sandboxUrls?.github) ? ["GitHub"] : []),
      ...((env.resend ?? env.sandboxUrls?.mail) ? ["a link by email"] : []),
    ],
    freeRequests: FREE_REQUESTS,
    freeWorth: formatUsd(env.freeCreditsMax),
    freeGrantsMax: env.freeGrantsMax,
    drainSeconds: env.limits.drainMs / 1_000,
    assistantQuestions: env.assistant.questionsPerDay,
    includesUsage: env.streamUsage === "include",
    toClient: isEncrypted
      ? `HTTPS${cloudflare ? " through Cloudflare" : ""}. What ends it passes requests on to this process.`
      : "Plain HTTP, which is meant for one machine: this server was given no https address.",
    toProvider:
      env.mode === "sandbox"
        ? "Mocks on this machine, over its loopback. In live mode, a provider’s address must be https."
        : plain.length === 0
          ? "HTTPS to every provider. No plaintext hops."
          : "HTTPS, except to providers that the operator runs on this machine’s loopback.",
    database: databaseOf(env),
    pairsWallets: pairsWallets(env),
    infrastructure: infrastructureOf(env, cloudflare),
  };
}

const pairsWallets = ({ chain, walletConnect }: EnvSettings) =>
  builtParts.crypto && chain !== null && walletConnect !== null;

function databaseOf({ mongodbUri }: EnvSettings) {
  if (mongodbUri === undefined) {
    return {
      name: "Embedded in OneKey",
      atRest:
        "Files in the server’s data directory. OneKey does not encrypt them: the disk has to. They hold no request content.",
    };
  }
  return isAtlas(mongodbUri)
    ? {
        name: "MongoDB Atlas",
        atRest: "MongoDB Atlas, encrypted at rest, SOC 2 Type II. It holds no request content.",
      }
    : {
        name: "MongoDB",
        atRest:
          "A MongoDB server of the operator’s, encrypted as it is set up there. It holds no request content.",
      };
}

function isAtlas(uri: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?[^/?]*\.mongodb\.net(?::\d+)?(?:[,/?]|$)/.test(uri);
}

export interface SystemComponent {
  component: string;
  provider: string | null;
  purpose: string;
}

/** One row a component; a provider of null is one that this server does not use. */
function infrastructureOf(env: EnvSettings, cloudflare: boolean): SystemComponent[] {
  const chains = [env.chain?.baseRpcUrl && "Base", env.chain?.ethereumRpcUrl && "Ethereum"]
    .filter(Boolean)
    .join(", ");
  const { cards, crypto, analytics } = builtParts;
  const { sandboxUrls } = env;
  /** Who does it, or that a mock of the sandbox does; null where it is not set up. */
  const operatorName = (name: string, settings: object | null, mock: string | undefined) =>
    env.mode === "sandbox" ? (mock === undefined ? null : `A mock of ${name}`) : settings && name;
  return [
    {
      component: "CDN and DDoS protection",
      provider: cloudflare ? "Cloudflare" : null,
      purpose: "Traffic is routed through it",
    },
    {
      component: "Account database",
      provider: databaseOf(env).name,
      purpose: "Accounts, billing, usage metadata",
    },
    {
      component: "Card payments",
      provider: cards ? operatorName("Stripe", env.stripe, sandboxUrls?.stripe) : null,
      purpose: "Checkout, refunds",
    },
    {
      component: "Email",
      provider: operatorName("Resend", env.resend, sandboxUrls?.mail),
      purpose: "Sign-in links and receipts",
    },
    {
      component: "Chain verification",
      provider:
        crypto && env.chain
          ? env.chain.etherscanApiKey
            ? "Basescan, Etherscan"
            : "The chain’s own nodes"
          : null,
      purpose: "Checking USDC and USDT transfers",
    },
    {
      component: "Chains",
      provider: (crypto && chains) || null,
      purpose: "Credit purchases in USDC and USDT",
    },
    {
      component: "Wallets on other devices",
      provider: pairsWallets(env) ? "WalletConnect" : null,
      purpose: "A relay of sealed messages between your browser and your wallet, if you choose it",
    },
    {
      component: "Analytics",
      provider: analytics && env.analytics ? "Google Analytics 4, by GTM" : null,
      purpose: "Only with consent",
    },
    {
      component: "Consent",
      provider: analytics && env.analytics ? "Cookiebot" : null,
      purpose: "Keeps your choice",
    },
  ];
}
