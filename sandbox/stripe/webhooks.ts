import Stripe from "stripe";
import { newId, seconds, type StripeStore, type StripeObject } from "./store";

const ATTEMPTS = 6;

export type WebhookSender = ReturnType<typeof startWebhooks>;

/** Sends the event to the server, signed as Stripe signs, and again with growing pauses until it responds with a 2xx. */
export function startWebhooks({ store, secret }: { store: StripeStore; secret: string }) {
  let deliver = true;
  const events = store.events;
  const waiting = new Set<ReturnType<typeof setTimeout>>();

  const attempt = async (event: StripeObject, origin: string, tries: number): Promise<void> => {
    const payload = JSON.stringify(event);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
    const answer = await fetch(`${origin}/api/stripe/webhook`, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": signature },
      body: payload,
      signal: AbortSignal.timeout(20_000),
    }).catch(() => null);
    if (answer?.ok) {
      event.pending_webhooks = 0;
      store.origins.delete(event.id);
      store.save();
    }
    if (answer?.ok || tries + 1 >= ATTEMPTS) return;
    const timer = setTimeout(
      () => {
        waiting.delete(timer);
        void attempt(event, origin, tries + 1);
      },
      1_000 * 2 ** tries,
    );
    waiting.add(timer);
  };

  return {
    sent: events,
    set deliver(on: boolean) {
      deliver = on;
    },
    /** The event contains `thing` as it is now, however it changes before the event arrives. */
    emit(type: string, thing: StripeObject, customer: unknown): void {
      const event: StripeObject = {
        id: newId("evt"),
        object: "event",
        api_version: Stripe.API_VERSION,
        created: seconds(),
        data: { object: { ...structuredClone(thing), _intent: undefined } },
        livemode: false,
        pending_webhooks: 1,
        request: { id: null, idempotency_key: null },
        type,
      };
      events.push(event);
      if (events.length > 1_000) events.shift();
      const origin = store.origins.get(String(customer));
      if (origin) store.origins.set(event.id, origin);
      store.save();
      if (deliver && origin) void attempt(event, origin, 0);
    },
    /** Sends what was not delivered before a restart. */
    resume(): void {
      for (const event of events) {
        const origin = store.origins.get(event.id);
        if (origin && event.pending_webhooks === 1) void attempt(event, origin, 0);
      }
    },
    close(): void {
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}
