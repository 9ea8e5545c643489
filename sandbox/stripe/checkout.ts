import { flag, list, params, text, type FormParams } from "./form";
import {
  createCard,
  createIntent,
  EMPTY_ADDRESS,
  fail,
  succeed,
  updateCustomer,
  type PaymentContext,
} from "./payments";
import { taxFor } from "./tax";
import { invalid, newId, seconds, type StripeObject } from "./store";

/** What a buyer does on the payment page. */
export type CheckoutOutcome = "pay" | "decline" | "delay" | "delay-fails" | "cancel";

export function createSession({ store, base }: PaymentContext, form: FormParams): StripeObject {
  const setup = form.mode === "setup";
  const [success, cancel] = [text(form.success_url), text(form.cancel_url)];
  if (!success || !URL.canParse(success))
    throw invalid("Missing required param: success_url.", "success_url");
  const customer = store.get(text(form.customer), "customer");
  const lines = list(form.line_items).map((line) => {
    const price = params(params(line).price_data);
    const amount = Number(text(price.unit_amount)) * Number(text(params(line).quantity) ?? "1");
    if (!Number.isInteger(amount) || amount < 0) throw invalid("Invalid integer", "line_items");
    return {
      id: newId("li"),
      object: "item",
      amount_total: amount,
      description: text(params(price.product_data).name) ?? "",
    };
  });
  const subtotal = lines.reduce((sum, line) => sum + line.amount_total, 0);
  if (!setup && subtotal < 50)
    throw invalid("The Checkout Session's total amount due must add up to at least $0.50 usd");
  const id = newId("cs_test");
  store.origins.set(customer.id, new URL(success).origin);
  const intentData = params(form.payment_intent_data);
  return store.put({
    id,
    object: "checkout.session",
    amount_subtotal: setup ? null : subtotal,
    amount_total: setup ? null : subtotal,
    automatic_tax: { enabled: flag(params(form.automatic_tax).enabled), status: null },
    cancel_url: cancel ?? null,
    client_reference_id: text(form.client_reference_id) ?? null,
    created: seconds(),
    currency: "usd",
    customer: customer.id,
    customer_details: {
      address: null,
      email: customer.email,
      name: null,
      business_name: null,
      tax_exempt: "none",
      tax_ids: [],
    },
    expires_at: Number(text(form.expires_at) ?? seconds() + 86_400),
    line_items: {
      object: "list",
      data: lines,
      has_more: false,
      url: `/v1/checkout/sessions/${id}/line_items`,
    },
    livemode: false,
    metadata: params(form.metadata),
    mode: setup ? "setup" : "payment",
    payment_intent: null,
    payment_status: setup ? "no_payment_required" : "unpaid",
    setup_intent: null,
    status: "open",
    success_url: success,
    total_details: {
      amount_discount: 0,
      amount_shipping: 0,
      amount_tax: 0,
      breakdown: { discounts: [], taxes: [] },
    },
    ui_mode: "hosted_page",
    url: `${base()}/pay/${id}`,
    // What the PaymentIntent gets once the buyer pays; not part of the API's object.
    _intent: {
      metadata: params(intentData.metadata),
      setup_future_usage: text(intentData.setup_future_usage) ?? null,
    },
  });
}

export function expireSession({ store, webhooks }: PaymentContext, id: string): StripeObject {
  const session = store.get(id, "checkout.session");
  if (session.status !== "open")
    throw invalid('Only Checkout Sessions with a status in ["open"] can be expired.');
  store.change(id, { status: "expired", url: null });
  webhooks.emit("checkout.session.expired", session, session.customer);
  return session;
}

/** A session as it is now: one whose time is over has expired. */
export function currentSession(context: PaymentContext, id: string): StripeObject {
  const session = context.store.get(id, "checkout.session");
  return session.status === "open" && Number(session.expires_at) < seconds()
    ? expireSession(context, id)
    : session;
}

type CheckoutForm = {
  outcome: CheckoutOutcome;
  card: string;
  country: string;
  name: string;
  taxId: string;
};

/** Applies what the buyer chose. Returns where the browser goes, or the error that the page shows. */
export function payPage(
  context: PaymentContext,
  id: string,
  form: CheckoutForm,
): { go: string } | { error: string } {
  const { store, webhooks } = context;
  const session = currentSession(context, id);
  if (session.status !== "open") return { error: "This page has expired or was used." };
  if (form.outcome === "cancel") return { go: String(session.cancel_url ?? session.success_url) };
  const postal: FormParams = form.country === "DE" ? BERLIN : AUSTIN;
  const address = { ...EMPTY_ADDRESS, ...postal };
  const buyer = {
    ...(session.customer_details as object),
    name: form.name,
    address,
    tax_ids: form.taxId ? [{ type: "eu_vat", value: form.taxId }] : [],
  };
  if (session.mode === "setup") return setUp(context, session, form, buyer);
  const rate = (session.automatic_tax as { enabled: boolean }).enabled
    ? taxFor(form.country)
    : null;
  const subtotal = Number(session.amount_subtotal);
  const tax = rate ? Math.round((subtotal * rate.percentage) / 100) : 0;
  const total = subtotal + tax;
  const { metadata, setup_future_usage } = session._intent as {
    metadata: object;
    setup_future_usage: string | null;
  };
  const method = createCard(context, {
    customer: setup_future_usage ? session.customer : null,
    last4: form.card,
  });
  const isDelayed = form.outcome === "delay" || form.outcome === "delay-fails";
  const existing = store.find(session.payment_intent);
  const values = {
    amount: total,
    customer: session.customer,
    metadata,
    setup_future_usage,
    payment_method: method.id,
  };
  const intent = existing ? store.change(existing.id, values) : createIntent(context, values);
  store.change(id, { payment_intent: intent.id });
  if (form.outcome === "decline") {
    fail(context, intent, { code: "card_declined", decline: "generic_decline" });
    return { error: "Your card was declined. Nothing was charged: try another card, or go back." };
  }
  const taxes = rate
    ? [
        {
          amount: tax,
          rate: taxRate(rate),
          taxability_reason: "standard_rated",
          taxable_amount: subtotal,
        },
      ]
    : [];
  store.change(id, {
    amount_total: total,
    customer_details: buyer,
    total_details: {
      amount_discount: 0,
      amount_shipping: 0,
      amount_tax: tax,
      breakdown: { discounts: [], taxes },
    },
    status: "complete",
    url: null,
  });
  updateCustomer(context, String(session.customer), { name: form.name, address: postal });
  if (isDelayed) {
    store.change(method.id, { type: "us_bank_account", card: undefined });
    store.change(intent.id, { status: "processing" });
    const arrives = form.outcome === "delay";
    store.change(id, { _intent: { metadata, setup_future_usage, arrives } });
    webhooks.emit("checkout.session.completed", session, session.customer);
    setTimeout(() => arrive(context, session, arrives), context.delayMs).unref();
  } else {
    succeed(context, intent);
    store.change(id, { payment_status: "paid" });
    webhooks.emit("checkout.session.completed", session, session.customer);
  }
  return { go: returnAddress(session) };
}

/** A bank debit that arrives, or does not, some time after the buyer left the page; once. */
export function arrive(context: PaymentContext, session: StripeObject, isPaid: boolean): void {
  const intent = context.store.get(session.payment_intent, "payment_intent");
  if (intent.status !== "processing") return;
  if (isPaid) {
    succeed(context, intent);
    context.store.change(session.id, { payment_status: "paid" });
  } else {
    fail(context, intent, { code: "payment_intent_payment_attempt_failed" });
  }
  const type = `checkout.session.async_payment_${isPaid ? "succeeded" : "failed"}`;
  context.webhooks.emit(type, session, session.customer);
}

/** Continues with the bank debits that had not arrived before a restart. */
export function resumeDebits(context: PaymentContext): void {
  for (const session of context.store.list("checkout.session", isProcessing)) {
    const { arrives } = session._intent as { arrives?: boolean };
    setTimeout(() => arrive(context, session, arrives === true), context.delayMs).unref();
  }
  function isProcessing(session: StripeObject): boolean {
    return context.store.find(session.payment_intent)?.status === "processing";
  }
}

function setUp(
  context: PaymentContext,
  session: StripeObject,
  form: CheckoutForm,
  buyer: object,
): { go: string } | { error: string } {
  const { store, webhooks } = context;
  if (form.outcome !== "pay")
    return { error: "Your card was declined: try another card, or go back." };
  const method = createCard(context, { customer: session.customer, last4: form.card });
  const intent = store.put({
    id: newId("seti"),
    object: "setup_intent",
    customer: session.customer,
    payment_method: method.id,
    status: "succeeded",
    usage: "off_session",
  });
  store.change(session.id, {
    status: "complete",
    setup_intent: intent.id,
    customer_details: buyer,
    url: null,
  });
  webhooks.emit("checkout.session.completed", session, session.customer);
  return { go: returnAddress(session) };
}

const returnAddress = (session: StripeObject) =>
  String(session.success_url).replace("{CHECKOUT_SESSION_ID}", session.id);

const AUSTIN = {
  line1: "500 Congress Avenue",
  city: "Austin",
  state: "TX",
  postal_code: "78701",
  country: "US",
};
const BERLIN = {
  line1: "Friedrichstraße 100",
  city: "Berlin",
  postal_code: "10117",
  country: "DE",
};

const taxRate = (rate: NonNullable<ReturnType<typeof taxFor>>) => ({
  id: newId("txr"),
  object: "tax_rate",
  country: "DE",
  display_name: rate.name,
  inclusive: false,
  jurisdiction: rate.jurisdiction,
  percentage: rate.percentage,
  tax_type: "vat",
});
