import type Stripe from "stripe";
import { forgetCard } from "@/lib/accounts/cards";
import { errorName, log } from "@/lib/log";
import { findPurchase } from "@/lib/purchases/queries";
import { settleCheckout } from "./settle-checkout";
import { settleTopUp } from "./settle-top-up";
import { cardsConfigured, idOf, isMissing, stripe } from "./stripe-client";
import { applyRefunds } from "./apply-refunds";

/** Does what an event means for us; nothing for one that means nothing. The same event twice changes nothing. */
export async function receive(event: Stripe.Event): Promise<void> {
  switch (event.type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded":
    case "checkout.session.async_payment_failed":
    case "checkout.session.expired":
      await settleCheckout(event.data.object.id);
      return;
    case "payment_intent.succeeded":
    case "payment_intent.payment_failed":
      await settleIntent(event.data.object);
      return;
    case "charge.refunded":
    case "refund.created":
    case "refund.updated":
    case "refund.failed":
    case "charge.dispute.created":
    case "charge.dispute.updated":
    case "charge.dispute.closed":
    case "charge.dispute.funds_withdrawn":
    case "charge.dispute.funds_reinstated": {
      const intent = idOf(event.data.object.payment_intent);
      if (intent === undefined) return;
      // Its event may arrive before the payment's.
      await settleIntent(await stripe().paymentIntents.retrieve(intent));
      await applyRefunds(intent);
      return;
    }
    case "payment_method.detached":
      await forgetCard(event.data.object.id);
      return;
    default:
  }
}

/** Settles the purchase that a PaymentIntent of ours is for. */
async function settleIntent(intent: Stripe.PaymentIntent): Promise<void> {
  const id = intent.metadata.purchase;
  const purchase = id ? await findPurchase(id) : null;
  if (purchase?.kind === "checkout" && purchase.checkout) await settleCheckout(purchase.checkout);
  if (purchase?.kind === "top-up") await settleTopUp({ purchase, intentId: intent.id });
}

/** The types of which an event that did not reach us may not be lost: the rest is found by asking about open payments. */
const CAUGHT_UP = [
  "charge.refunded",
  "refund.failed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "payment_method.detached",
];
/** For so long Stripe lists its events. */
const LISTED_S = 30 * 86_400;

/** Works on the events that Stripe could not deliver, whatever kept the webhook from being reached. */
export async function catchUpEvents(now = Date.now()): Promise<void> {
  if (!cardsConfigured()) return;
  const createdRange = { gte: Math.floor(now / 1000) - LISTED_S };
  const eventList = stripe().events.list({
    types: CAUGHT_UP,
    delivery_success: false,
    created: createdRange,
    limit: 100,
  });
  for await (const event of eventList) {
    try {
      await receive(event);
    } catch (error) {
      if (!isMissing(error))
        log.error("stripe.event.failed", { code: event.type, error: errorName(error) });
    }
  }
}
