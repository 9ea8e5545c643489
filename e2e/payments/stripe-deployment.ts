import Stripe from "stripe";
import { findByEmail, findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { listEntries } from "@/lib/ledger/queries";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { parseCredits } from "@/lib/money";
import { startCardSetup, startCheckout } from "@/lib/payments/cards/checkout";
import { settleCheckout } from "@/lib/payments/cards/settle-checkout";
import { startMail } from "@/sandbox/mail";
import { startStripe } from "@/sandbox/stripe";
import { freePort, launch, waitForHealth } from "../support/processes";
import { createCustomer, showAccount, deployment } from "../support/shared-deployment";

export const WEBHOOK_SECRET = "whsec_sandbox";
export type StripeEvent = { id: string; type: string; data: { object: Record<string, unknown> } };
type PaymentOutcome = "pay" | "decline" | "delay" | "delay-fails" | "cancel";

export type CardDeployment = Awaited<ReturnType<typeof startCardDeployment>>;

/**
 * A separate server on the shared deployment's database, with a mock Stripe. The tests' process joins that database with the
 * same settings, so that a purchase begins as the page begins it.
 */
export async function startCardDeployment({ server: serves = true } = {}) {
  const [stripe, mail] = [await startStripe(), await startMail()];
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    ...deployment.environment,
    ONEKEY_SANDBOX_STRIPE: stripe.url,
    ONEKEY_SANDBOX_MAIL: mail.url,
    PORT: String(port),
    NEXTAUTH_URL: origin,
    PURCHASE_FEE_BPS: "290",
    PURCHASE_FEE_FIXED: "0.30",
  };
  Object.assign(process.env, environment);
  const server = serves ? await launch({ script: "dist/server.js", environment }) : null;
  if (server) await waitForHealth(origin);
  else await ensureIndexes();
  const api = new Stripe("sk_test_sandbox", {
    protocol: "http",
    host: "127.0.0.1",
    port: new URL(stripe.url).port,
  });
  const setUps = new Map<string, string>();
  const control = async (path: string, form?: Record<string, string>): Promise<unknown> => {
    const init = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
    return (await fetch(`${stripe.url}/__control/${path}`, init)).json();
  };
  const events = async () => (await control("events")) as StripeEvent[];
  return {
    origin,
    environment,
    api,
    control,
    events,
    deliver: (on: boolean) => control("webhooks", { deliver: String(on) }),
    /** What Stripe sent since then, in order, for one payment or all of its kinds. */
    eventsSince: async (count: number) => (await events()).slice(count),
    send,
    /** Buys with webhooks held back; returns the events that Stripe would have sent. */
    async paidInSilence(account: Account, credits = "50") {
      await control("webhooks", { deliver: "false" });
      const before = (await events()).length;
      const page = await openCheckoutPage(account, credits);
      await pressButton(page, "pay");
      await control("webhooks", { deliver: "true" });
      return { session: sessionOf(page), events: (await events()).slice(before) };
    },
    /** The subjects of the mails to an account, the newest first. */
    async mailsTo({ email }: Account): Promise<string[]> {
      const all = (await (await fetch(`${mail.url}/messages`)).json()) as {
        to: string;
        subject: string;
      }[];
      return all.filter(({ to }) => to === email).map(({ subject }) => subject);
    },
    /** The page that saves a card. */
    async setUpPage(account: Account): Promise<string> {
      const page = await startCardSetup({ account: await reloadAccount(account), user: account });
      setUps.set(account._id, sessionOf(page));
      return page;
    },
    settleSetUp: (account: Account) => settleCheckout(setUps.get(account._id) ?? ""),
    settle: (page: string) => settleCheckout(sessionOf(page)),
    /** Whether Stripe answers every call with a 503 for now. */
    down: (on: boolean) => control("down", { on: String(on) }),
    close: async () => {
      await server?.stop();
      await stripe.close();
      await mail.close();
    },
  };

  /** Sends an event as Stripe does; signed now by the right secret unless the test says otherwise. */
  async function send(
    event: unknown,
    how: { secret?: string; timestamp?: number; tamper?: boolean } = {},
  ) {
    const payload = JSON.stringify(event);
    const { secret = WEBHOOK_SECRET, timestamp, tamper = false } = how;
    const signature = Stripe.webhooks.generateTestHeaderString({
      payload,
      secret,
      ...(timestamp === undefined ? {} : { timestamp }),
    });
    const body = tamper ? payload.replace("{", "{ ") : payload;
    const response = await fetch(`${origin}/api/stripe/webhook`, {
      method: "POST",
      headers: { "content-type": "application/json", "stripe-signature": signature },
      body,
    });
    await response.text();
    return response.status;
  }
}

export async function createBuyer(credits?: string): Promise<Account> {
  const { email } = await createCustomer(credits === undefined ? {} : { credits });
  return reloadAccount(email);
}

export async function reloadAccount(account: string | Account): Promise<Account> {
  const current = await findByEmail(typeof account === "string" ? account : account.email);
  if (!current) throw new Error("The account is gone.");
  return current;
}

/** Opens a payment page as the buy form does. */
export async function openCheckoutPage(
  account: Account,
  credits = "50",
  keepCard = false,
): Promise<string> {
  return startCheckout({
    account: await reloadAccount(account),
    user: account,
    amount: parseCredits(credits),
    keepCard,
  });
}

/** Presses one of the payment page's buttons; returns where it sends the browser, or null when it stays. */
export async function pressButton(
  page: string,
  outcome: PaymentOutcome,
  fields: Record<string, string> = {},
) {
  const form = { card: "4242", country: "US", name: "Mira Example", outcome, ...fields };
  const response = await fetch(page, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form),
  });
  await response.text();
  return response.headers.get("location");
}

export function eventOf(events: StripeEvent[], type: string): StripeEvent {
  const match = events.find((event) => event.type === type);
  if (!match) throw new Error(`No ${type} among ${events.map((event) => event.type).join(", ")}`);
  return match;
}

export const sessionOf = (page: string) => page.split("/").at(-1) ?? "";

/** Waits until the account's balance is so many credits. */
export async function untilCredits(
  account: Account,
  credits: string,
  milliseconds = 60_000,
): Promise<void> {
  const until = Date.now() + milliseconds;
  for (;;) {
    const { credits_nano: now } = await showAccount(account.email);
    if (now === parseCredits(credits) && (await isPosted(account._id))) return;
    if (Date.now() > until) throw new Error(`The balance is ${now}, not ${credits} credits.`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** The balance is written first, then the entry says that it was applied. */
async function isPosted(accountId: string): Promise<boolean> {
  const account = await findById(accountId);
  const [newestEntry] = await listEntries(accountId);
  return (newestEntry?.seq ?? 0) === account?.seq;
}

/** Gives what should change nothing the time to do so. */
export const pause = (milliseconds = 700) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
