import type Stripe from "stripe";
import { errorName, log } from "@/lib/log";
import { cardsConfigured, isMissing, stripe, stripeSettings } from "./stripe-client";
import { receive } from "./stripe-events";

const BODY_BYTES_MAX = 1_048_576;
/** An event that was signed longer ago is refused: a recorded one cannot be sent again later. */
const AGE_MAX_S = 300;

/**
 * What Stripe calls. Any response but a 2xx makes it retry for days: so an event gets a 200 only once all it means
 * is written, or when it means nothing to us.
 */
export async function handleStripeWebhook(request: Request): Promise<Response> {
  if (!cardsConfigured()) return answer(404, "Payments by card are not set up on this server.");
  const body = await readBody(request);
  if (body === null) return answer(413, "An event is at most 1 MiB.");
  let event: Stripe.Event;
  try {
    const signature = request.headers.get("stripe-signature") ?? "";
    event = stripe().webhooks.constructEvent(
      body,
      signature,
      stripeSettings().webhookSecret,
      AGE_MAX_S,
    );
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

/** The bytes as they came, which is what was signed; null when there are too many. */
async function readBody(request: Request): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    // The rest is read and dropped: a sender that is still sending would not see the response.
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes > BODY_BYTES_MAX ? null : Buffer.concat(chunks);
}

const answer = (status: number, error: string | null) =>
  Response.json(error === null ? { received: true } : { error: { message: error } }, {
    status,
    headers: { "cache-control": "no-store" },
  });
