import type Stripe from "stripe";
import { forgetCard } from "@/lib/accounts/cards";
import { errorName, log } from "@/lib/log";
import { findPurchase } from "@/lib/purchases/queries";
import { settleCheckout } from "./settle-checkout";
import { settleTopUp } from "./settle-top-up";
import { cardsConfigured, idOf, isMissing, stripe, stripeSettings } from "./stripe-client";
import { takeBack } from "./take-back";

const BODY_BYTES_MAX = 1_048_576;
/** An event that was signed longer ago is refused: a recorded one cannot be sent again later. */
const AGE_MAX_S = 300;

/**
 * What Stripe calls. Any answer but a 2xx makes it try again, for days: so an event is answered 200 only once all it means
 * is written, or when it means nothing to us.
 */
export async function handleStripeWebhook(request: Request): Promise<Response> {
  if (!cardsConfigured()) return answer(404, "Payments by card are not set up on this server.");
  const body = await readBody(request);
  if (body === null) return answer(413, "An event is at most 1 MiB.");
  let event: Stripe.Event;
  try {
    const signature = request.headers.get("stripe-signature") ?? "";
    event = stripe().webhooks.constructEvent(body, signature, stripeSettings().webhookSecret, AGE_MAX_S);
  } catch {
    return answer(400, "The signature does not fit the body, or is too old.");
  }
  try {
    await receive(event);
    return answer(200, null);
  } catch (error) {
    // Of another program that shares the Stripe account, or of its test mode.
    if (isMissing(error)) return answer(200, null);
    log.error("stripe.webhook.failed", { code: event.type, error: errorName(error) });
    return answer(500, "The event could not be worked on: send it again.");
  }
}

async function receive(event: Stripe.Event): Promise<void> {
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
      // It may be told before the payment itself.
      await settleIntent(await stripe().paymentIntents.retrieve(intent));
      await takeBack(intent);
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

/** The bytes as they came, which is what was signed; null when there are too many. */
async function readBody(request: Request): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    // The rest is read and dropped: a sender that is still sending would not see the answer.
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes > BODY_BYTES_MAX ? null : Buffer.concat(chunks);
}

const answer = (status: number, error: string | null) =>
  Response.json(error === null ? { received: true } : { error: { message: error } }, {
    status,
    headers: { "cache-control": "no-store" },
  });
