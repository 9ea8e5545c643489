import { arrive, createSession, currentSession, expireSession } from "./checkout";
import { createRefund, failRefund, openDispute, winDispute } from "./claims";
import { list, text, type FormParams } from "./form";
import {
  cancelIntent,
  chargeSavedCard,
  createCustomer,
  updateCustomer,
  type PaymentContext,
} from "./payments";
import { newId, seconds, type StripeObject } from "./store";
import { calculateTax } from "./tax";

type StripeCall = { context: PaymentContext; ids: string[]; params: FormParams };
type StripeRoute = [method: string, path: RegExp, handle: (call: StripeCall) => unknown];

const listOf = (data: StripeObject[]) => ({ object: "list", data, has_more: false, url: "" });
const kind =
  (name: string) =>
  ({ context, ids }: StripeCall) =>
    context.store.get(ids[0], name);
const of =
  (name: string, field: string) =>
  ({ context, params }: StripeCall) =>
    listOf(context.store.list(name, (thing) => thing[field] === text(params[field])));

/** What OneKey calls of Stripe's API. */
export const api: StripeRoute[] = [
  ["POST", /^\/v1\/customers$/, ({ context, params }) => createCustomer(context, params)],
  ["GET", /^\/v1\/customers\/(\w+)$/, kind("customer")],
  [
    "POST",
    /^\/v1\/customers\/(\w+)$/,
    ({ context, ids, params }) => updateCustomer(context, ids[0] ?? "", params),
  ],
  ["POST", /^\/v1\/checkout\/sessions$/, ({ context, params }) => createSession(context, params)],
  [
    "GET",
    /^\/v1\/checkout\/sessions\/(\w+)$/,
    ({ context, ids }) => currentSession(context, ids[0] ?? ""),
  ],
  [
    "POST",
    /^\/v1\/checkout\/sessions\/(\w+)\/expire$/,
    ({ context, ids }) => expireSession(context, ids[0] ?? ""),
  ],
  ["POST", /^\/v1\/payment_intents$/, ({ context, params }) => chargeSavedCard(context, params)],
  ["GET", /^\/v1\/payment_intents$/, of("payment_intent", "customer")],
  ["GET", /^\/v1\/payment_intents\/(\w+)$/, kind("payment_intent")],
  [
    "POST",
    /^\/v1\/payment_intents\/(\w+)\/cancel$/,
    ({ context, ids }) => cancelIntent(context, ids[0] ?? ""),
  ],
  ["POST", /^\/v1\/refunds$/, ({ context, params }) => createRefund(context, params)],
  ["GET", /^\/v1\/refunds$/, of("refund", "payment_intent")],
  ["GET", /^\/v1\/disputes$/, of("dispute", "payment_intent")],
  [
    "GET",
    /^\/v1\/events$/,
    ({ context, params }) =>
      listOf(
        context.webhooks.sent
          .filter(({ type }) => list(params.types).includes(String(type)))
          .filter(
            ({ pending_webhooks: waiting }) => params.delivery_success !== "false" || waiting === 1,
          )
          .toReversed(),
      ),
  ],
  ["POST", /^\/v1\/tax\/calculations$/, ({ context, params }) => calculateTax(context, params)],
  [
    "POST",
    /^\/v1\/billing_portal\/sessions$/,
    ({ context, params }) => openPortal(context, params),
  ],
];

/** What tests and demonstrations do that Stripe or a bank does: not part of its API. */
export const control: StripeRoute[] = [
  ["POST", /^\/__control\/disputes$/, ({ context, params }) => openDispute(context, params)],
  [
    "POST",
    /^\/__control\/disputes\/(\w+)\/win$/,
    ({ context, ids }) => winDispute(context, ids[0] ?? ""),
  ],
  [
    "POST",
    /^\/__control\/refunds\/(\w+)\/fail$/,
    ({ context, ids }) => failRefund(context, ids[0] ?? ""),
  ],
  [
    "POST",
    /^\/__control\/things\/(\w+)$/,
    ({ context, ids, params }) => context.store.change(ids[0] ?? "", params),
  ],
  [
    "POST",
    /^\/__control\/delay$/,
    ({ context, params }) => {
      context.delayMs = Number(params.ms);
      return {};
    },
  ],
  [
    "POST",
    /^\/__control\/sessions\/(\w+)\/arrive$/,
    ({ context, ids, params }) => {
      arrive(context, context.store.get(ids[0], "checkout.session"), params.paid === "true");
      return {};
    },
  ],
  [
    "POST",
    /^\/__control\/down$/,
    ({ context, params }) => {
      context.down = params.on === "true";
      return {};
    },
  ],
  ["GET", /^\/__control\/events$/, ({ context }) => context.webhooks.sent],
  [
    "POST",
    /^\/__control\/webhooks$/,
    ({ context, params }) => {
      context.webhooks.deliver = params.deliver !== "false";
      return {};
    },
  ],
];

function openPortal({ store, base }: PaymentContext, params: FormParams): StripeObject {
  const customer = store.get(text(params.customer), "customer");
  const id = newId("bps");
  return store.put({
    id,
    object: "billing_portal.session",
    created: seconds(),
    customer: customer.id,
    return_url: text(params.return_url) ?? null,
    url: `${base()}/portal/${id}`,
  });
}
