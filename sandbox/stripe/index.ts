import type { IncomingMessage, ServerResponse } from "node:http";
import { html, readText, serve, type StandIn } from "../http";
import {
  arrive,
  createSession,
  currentSession,
  expireSession,
  payPage,
  resumeDebits,
  type CheckoutOutcome,
} from "./checkout";
import { list, parseForm, text, type FormParams } from "./form";
import { payPageHtml, portalHtml } from "./pages";
import { createRefund, failRefund, openDispute, winDispute } from "./claims";
import {
  cancelIntent,
  CARDS,
  chargeSavedCard,
  createCustomer,
  updateCustomer,
  type PaymentContext,
} from "./payments";
import { calculateTax } from "./tax";
import { ApiError, newId, openStore, seconds, type StripeObject } from "./store";
import { startWebhooks } from "./webhooks";

const KEY = "sk_test_sandbox";
const SECRET = "whsec_sandbox";
/** How long a bank debit takes; the pay page says so. */
const DELAY_MS = 3_000;

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

const api: StripeRoute[] = [
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
const control: StripeRoute[] = [
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

/** A mock Stripe: its API as far as OneKey calls it, its payment page and its signed webhooks, over HTTP on loopback. */
export async function startStripe({
  file,
  port = 0,
}: { file?: string; port?: number } = {}): Promise<StandIn> {
  const store = openStore(file);
  const webhooks = startWebhooks({ store, secret: SECRET });
  let base = "";
  const context: PaymentContext = {
    store,
    webhooks,
    base: () => base,
    down: false,
    delayMs: DELAY_MS,
  };
  const standIn = await serve((req, res) => answer({ req, res, context }), port);
  base = standIn.url;
  webhooks.resume();
  resumeDebits(context);
  return {
    url: base,
    close: async () => {
      webhooks.close();
      await standIn.close();
    },
  };
}

async function answer(input: {
  req: IncomingMessage;
  res: ServerResponse;
  context: PaymentContext;
}): Promise<void> {
  const { req, res, context } = input;
  const { replies, save } = context.store;
  const url = new URL(req.url ?? "/", "http://stripe.sandbox");
  const body = await readText(req);
  if (/^\/(pay|portal)\//.test(url.pathname))
    return showPage({ req, res, context, path: url.pathname, body });
  if (url.pathname === "/favicon.ico") return void res.writeHead(204).end();
  const key = req.headers["idempotency-key"];
  const name = key === undefined ? null : `${String(key)} ${url.pathname}`;
  const savedReply = name === null ? undefined : replies.get(name);
  const reply = savedReply ?? call({ req, url, body, context });
  // As at Stripe, an error of the request itself is not remembered; what came of it is.
  if (name !== null && (reply.status < 400 || reply.status === 402)) {
    replies.set(name, reply);
    save();
  }
  res.writeHead(reply.status, {
    "content-type": "application/json",
    "request-id": newId("req"),
    ...(savedReply ? { "idempotent-replayed": "true" } : {}),
  });
  res.end(reply.body);
}

function call(input: { req: IncomingMessage; url: URL; body: string; context: PaymentContext }): {
  status: number;
  body: string;
} {
  const { req, url, body, context } = input;
  try {
    const routes = url.pathname.startsWith("/__control/") ? control : api;
    if (routes === api && req.headers.authorization !== `Bearer ${KEY}`)
      throw new ApiError(401, {
        type: "invalid_request_error",
        message: "Invalid API Key provided",
      });
    if (routes === api && context.down)
      throw new ApiError(503, { type: "api_error", message: "Try again later." });
    const params = parseForm(req.method === "GET" ? url.search.slice(1) : body);
    for (const [method, path, handle] of routes) {
      const match = path.exec(url.pathname);
      if (!match || method !== req.method) continue;
      const result = handle({ context, ids: match.slice(1), params });
      return {
        status: 200,
        body: JSON.stringify(view(result, list(params.expand).map(String), context)),
      };
    }
    throw new ApiError(404, {
      type: "invalid_request_error",
      message: `Unrecognized request URL (${req.method}: ${url.pathname}).`,
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: JSON.stringify({ error: error.error }) };
  }
}

/** A response as the API returns it: the requested fields expanded, without the mock's internal fields. */
function view(result: unknown, expand: string[], { store }: PaymentContext): unknown {
  const copy = structuredClone(result) as Record<string, unknown>;
  delete copy._intent;
  if (copy.object === "checkout.session") {
    const totals = copy.total_details as Record<string, unknown>;
    if (!expand.includes("total_details.breakdown")) delete totals.breakdown;
    if (!expand.some((path) => path.startsWith("line_items"))) delete copy.line_items;
  }
  for (const path of expand) {
    let at: Record<string, unknown> | undefined = copy;
    for (const field of path.split(".")) {
      const value: unknown = at?.[field];
      if (at && typeof value === "string") at[field] = structuredClone(store.find(value)) ?? value;
      at = typeof at?.[field] === "object" ? (at[field] as Record<string, unknown>) : undefined;
    }
  }
  return copy;
}

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

function showPage(input: {
  req: IncomingMessage;
  res: ServerResponse;
  context: PaymentContext;
  path: string;
  body: string;
}): void {
  const { req, res, context, path, body } = input;
  const [, place, id = ""] = path.split("/");
  const go = (location: string) => void res.writeHead(303, { location }).end();
  const form = parseForm(body);
  try {
    if (place === "portal") {
      const portal = context.store.get(id, "billing_portal.session");
      if (req.method !== "POST") return html(res, portalHtml(context.store, portal));
      if (text(form.name))
        updateCustomer(context, String(portal.customer), { name: form.name ?? "" });
      const object = context.store.find(text(form.remove));
      if (object) {
        context.store.change(object.id, { customer: null });
        context.webhooks.emit("payment_method.detached", object, portal.customer);
      }
      return go(path);
    }
    const session = currentSession(context, id);
    if (req.method !== "POST") return html(res, payPageHtml(session, null));
    const outcome = payPage(context, id, {
      outcome: (text(form.outcome) ?? "cancel") as CheckoutOutcome,
      card: CARDS.find(({ last4 }) => last4 === text(form.card))?.last4 ?? "4242",
      country: text(form.country) ?? "US",
      name: text(form.name) ?? "",
      taxId: text(form.taxId) ?? "",
    });
    return "go" in outcome
      ? go(outcome.go)
      : html(res, payPageHtml(context.store.get(id, "checkout.session"), outcome.error));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return html(
      res,
      "<!doctype html><title>Not found</title><p>There is no such page.</p>",
      error.status,
    );
  }
}
