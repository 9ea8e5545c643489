import Stripe from "stripe";
import { findByEmail } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { parseCredits } from "@/lib/money";
import { startCardSetup, startCheckout } from "@/lib/payments/cards/checkout";
import { settleCheckout } from "@/lib/payments/cards/settle-checkout";
import { startMail } from "@/sandbox/mail";
import { startStripe } from "@/sandbox/stripe";
import { freePort, launch, waitForHealth } from "../support/processes";
import { customer, show, stage } from "../support/deployment";

export const WEBHOOK_SECRET = "whsec_sandbox";
export type StripeEvent = { id: string; type: string; data: { object: Record<string, unknown> } };
type Outcome = "pay" | "decline" | "delay" | "delay-fails" | "cancel";

export type CardStage = Awaited<ReturnType<typeof startCardStage>>;

/**
 * A server of its own on the stage's database, with a stand-in Stripe. The tests' own process joins that database with the
 * same settings, so that a purchase begins as the page begins it.
 */
export async function startCardStage({ server: serves = true } = {}) {
  const [stripe, mail] = [await startStripe(), await startMail()];
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    ...stage.environment,
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
    /** What Stripe told since then, in order, for one payment or all of its kinds. */
    eventsSince: async (count: number) => (await events()).slice(count),
    send,
    /** Buys with webhooks held back; returns the events that Stripe would have sent. */
    async paidInSilence(account: Account, credits = "50") {
      await control("webhooks", { deliver: "false" });
      const before = (await events()).length;
      const page = await openPage(account, credits);
      await press(page, "pay");
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
      const page = await startCardSetup(await reload(account));
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

  /** Sends an event as Stripe does; signed now by the right secret unless told otherwise. */
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
    const answer = await fetch(`${origin}/api/stripe/webhook`, {
      method: "POST",
      headers: { "content-type": "application/json", "stripe-signature": signature },
      body,
    });
    await answer.text();
    return answer.status;
  }
}

export async function buyer(credits?: string): Promise<Account> {
  const { email } = await customer(credits === undefined ? {} : { credits });
  return reload(email);
}

export async function reload(account: string | Account): Promise<Account> {
  const found = await findByEmail(typeof account === "string" ? account : account.email);
  if (!found) throw new Error("The account is gone.");
  return found;
}

/** Opens a payment page as the buy form does. */
export async function openPage(
  account: Account,
  credits = "50",
  keepCard = false,
): Promise<string> {
  return startCheckout({ account: await reload(account), amount: parseCredits(credits), keepCard });
}

/** Presses one of the payment page's buttons; returns where it sends the browser, or null when it stays. */
export async function press(page: string, outcome: Outcome, fields: Record<string, string> = {}) {
  const form = { card: "4242", country: "US", name: "Mira Example", outcome, ...fields };
  const answer = await fetch(page, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams(form),
  });
  await answer.text();
  return answer.headers.get("location");
}

export function eventOf(events: StripeEvent[], type: string): StripeEvent {
  const found = events.find((event) => event.type === type);
  if (!found) throw new Error(`No ${type} among ${events.map((event) => event.type).join(", ")}`);
  return found;
}

export const sessionOf = (page: string) => page.split("/").at(-1) ?? "";

/** Waits until the account's balance is so many credits. */
export async function untilCredits(
  account: Account,
  credits: string,
  milliseconds = 30_000,
): Promise<void> {
  const until = Date.now() + milliseconds;
  for (;;) {
    const { credits_nano: now } = await show(account.email);
    if (now === parseCredits(credits)) return;
    if (Date.now() > until) throw new Error(`The balance is ${now}, not ${credits} credits.`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** Gives what should change nothing the time to do so. */
export const pause = (milliseconds = 700) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
