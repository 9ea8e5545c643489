import type { IncomingMessage, ServerResponse } from "node:http";
import { html, readText, serve, type StandIn } from "../http";
import { currentSession, payPage, resumeDebits, type CheckoutOutcome } from "./checkout";
import { list, parseForm, text } from "./form";
import { payPageHtml, portalHtml } from "./pages";
import { CARDS, updateCustomer, type PaymentContext } from "./payments";
import { api, control } from "./routes";
import { ApiError, newId, openStore } from "./store";
import { startWebhooks } from "./webhooks";

const KEY = "sk_test_sandbox";
const SECRET = "whsec_sandbox";
/** How long a bank debit takes; the pay page says so. */
const DELAY_MS = 3_000;

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
  const mock = await serve((req, res) => answer({ req, res, context }), port);
  base = mock.url;
  webhooks.resume();
  resumeDebits(context);
  return {
    url: base,
    close: async () => {
      webhooks.close();
      await mock.close();
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
