import { flag, params, text, type FormParams } from "./form";
import { ApiError, invalid, newId, seconds, type StripeStore, type StripeObject } from "./store";
import type { WebhookSender } from "./webhooks";

export type PaymentContext = {
  store: StripeStore;
  webhooks: WebhookSender;
  base: () => string;
  down: boolean;
  delayMs: number;
};

/** Some of Stripe's test cards, by their last four digits: what becomes of a charge while the buyer is absent. */
export const CARDS: { last4: string; label: string; later?: { code: string; decline?: string } }[] =
  [
    { last4: "4242", label: "Visa 4242, works" },
    {
      last4: "0341",
      label: "Visa 0341, is declined once saved",
      later: { code: "card_declined", decline: "generic_decline" },
    },
    {
      last4: "3184",
      label: "Visa 3184, asks to confirm once saved",
      later: { code: "authentication_required" },
    },
  ];

export function createCustomer({ store }: PaymentContext, form: FormParams): StripeObject {
  return store.put({
    id: newId("cus"),
    object: "customer",
    address: null,
    created: seconds(),
    email: text(form.email) ?? null,
    livemode: false,
    metadata: params(form.metadata),
    name: text(form.name) ?? null,
  });
}

export function updateCustomer(
  { store }: PaymentContext,
  id: string,
  form: FormParams,
): StripeObject {
  store.get(id, "customer");
  const address =
    form.address === undefined ? {} : { address: { ...EMPTY_ADDRESS, ...params(form.address) } };
  return store.change(id, { ...address, ...(text(form.name) ? { name: text(form.name) } : {}) });
}

export const EMPTY_ADDRESS = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

export function createCard(
  { store }: PaymentContext,
  { customer, last4 }: { customer: unknown; last4: string },
): StripeObject {
  return store.put({
    id: newId("pm"),
    object: "payment_method",
    billing_details: { address: EMPTY_ADDRESS, email: null, name: null, phone: null },
    card: {
      brand: "visa",
      exp_month: 12,
      exp_year: 2030,
      last4,
      funding: "credit",
      country: "US",
    },
    created: seconds(),
    customer,
    livemode: false,
    type: "card",
  });
}

export function createIntent(context: PaymentContext, set: Record<string, unknown>): StripeObject {
  return context.store.put({
    id: newId("pi"),
    object: "payment_intent",
    amount: 0,
    amount_received: 0,
    canceled_at: null,
    capture_method: "automatic",
    created: seconds(),
    currency: "usd",
    customer: null,
    description: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: {},
    next_action: null,
    payment_method: null,
    setup_future_usage: null,
    status: "requires_payment_method",
    ...set,
  });
}

/** Takes the money of an intent: a charge, and the event that reports it. */
export function succeed({ store, webhooks }: PaymentContext, intent: StripeObject): void {
  const charge = store.put({
    id: newId("ch"),
    object: "charge",
    amount: intent.amount,
    amount_refunded: 0,
    balance_transaction: newId("txn"),
    created: seconds(),
    currency: intent.currency,
    customer: intent.customer,
    disputed: false,
    paid: true,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    refunded: false,
    status: "succeeded",
  });
  store.change(intent.id, {
    status: "succeeded",
    amount_received: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
  });
  webhooks.emit("charge.succeeded", charge, intent.customer);
  webhooks.emit("payment_intent.succeeded", intent, intent.customer);
}

export function fail(
  { store, webhooks }: PaymentContext,
  intent: StripeObject,
  cause: { code: string; decline?: string },
): Record<string, unknown> {
  const error = {
    type: "card_error",
    code: cause.code,
    ...(cause.decline ? { decline_code: cause.decline } : {}),
    message:
      cause.code === "authentication_required"
        ? "Your card was declined. This transaction requires authentication."
        : "Your card was declined.",
  };
  store.change(intent.id, { status: "requires_payment_method", last_payment_error: error });
  webhooks.emit("payment_intent.payment_failed", intent, intent.customer);
  return error;
}

/** `POST /v1/payment_intents`, for a saved card while the buyer is absent. */
export function chargeSavedCard(context: PaymentContext, form: FormParams): StripeObject {
  const { store } = context;
  const amount = Number(text(form.amount));
  if (!Number.isInteger(amount) || amount < 50)
    throw invalid("Amount must be at least $0.50 usd", "amount");
  const customer = store.get(text(form.customer), "customer");
  const method = store.get(text(form.payment_method), "payment_method");
  if (method.customer !== customer.id)
    throw invalid("The provided PaymentMethod does not belong to this Customer.", "payment_method");
  const intent = createIntent(context, {
    amount,
    currency: text(form.currency) ?? "usd",
    customer: customer.id,
    description: text(form.description) ?? null,
    metadata: params(form.metadata),
    payment_method: method.id,
    status: "requires_confirmation",
  });
  if (!flag(form.confirm)) return intent;
  const { last4 } = method.card as { last4: string };
  const later = CARDS.find((card) => card.last4 === last4)?.later;
  if (later && flag(form.off_session)) {
    const error = fail(context, intent, later);
    throw new ApiError(402, {
      ...error,
      type: "card_error",
      message: String(error.message),
      payment_intent: { ...intent },
    });
  }
  succeed(context, intent);
  return intent;
}

export function cancelIntent({ store }: PaymentContext, id: string): StripeObject {
  const intent = store.get(id, "payment_intent");
  if (intent.status === "succeeded" || intent.status === "canceled")
    throw invalid(
      `You cannot cancel this PaymentIntent because it has a status of ${String(intent.status)}.`,
    );
  return store.change(id, { status: "canceled", canceled_at: seconds() });
}
