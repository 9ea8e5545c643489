import { CARDS } from "./payments";
import type { StripeStore, StripeObject } from "./store";

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:34rem;padding:2rem 1.25rem;background:light-dark(#fff,#16191b);color:light-dark(#14181b,#eef1f3)}
h1{font-size:1.5rem;margin:.5rem 0 1.25rem}p,dl{margin:0 0 1rem}
.note{background:light-dark(#fdf3d8,#3a2f10);padding:.5rem .75rem;border-radius:6px;font-size:.875rem}
.error{background:light-dark(#fde8e6,#45201c);padding:.5rem .75rem;border-radius:6px}
dl{display:grid;grid-template-columns:1fr auto;gap:.25rem 1rem}dd{margin:0;text-align:right}
.total{font-weight:600;border-top:1px solid light-dark(#cfd6da,#434b50);padding-top:.25rem}
form,fieldset{display:grid;gap:.75rem;border:0;padding:0;margin:0}label{display:grid;gap:.25rem;font-size:.875rem}
input,select,button{font:inherit;padding:.5rem .75rem;border:1px solid light-dark(#7b868c,#8b969c);border-radius:6px;background:transparent;color:inherit;min-width:0}
option{background:light-dark(#fff,#16191b)}
button{cursor:pointer}button.main{background:light-dark(#14181b,#eef1f3);color:light-dark(#fff,#14181b)}`;

const escape = (text: unknown) =>
  String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const usd = (cents: unknown) => `$${(Number(cents) / 100).toFixed(2)}`;

const page = (title: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · sandbox</title><style>${STYLE}</style></head>
<body><main><p class="note"><b>SANDBOX</b> A mock of Stripe on this machine. No card is charged.</p>${body}</main></body></html>`;

export function payPageHtml(session: StripeObject, error: string | null): string {
  const setup = session.mode === "setup";
  const lines = (session.line_items as { data: { description: string; amount_total: number }[] })
    .data;
  const isClosed = session.status !== "open";
  const title = setup ? "Save a card" : `Pay ${usd(session.amount_subtotal)}`;
  const button = (outcome: string, label: string, main = false) =>
    `<button name="outcome" value="${outcome}"${main ? ' class="main"' : ""}>${escape(label)}</button>`;
  const body = isClosed
    ? `<h1>This page is closed</h1><p>It was used, or its time is over.</p>`
    : `<h1>${escape(title)}</h1>
${setup ? "" : `<dl>${lines.map((line) => `<dt>${escape(line.description)}</dt><dd>${usd(line.amount_total)}</dd>`).join("")}<dt class="total">Before tax</dt><dd class="total">${usd(session.amount_subtotal)}</dd></dl>`}
${error === null ? "" : `<p class="error" role="alert">${escape(error)}</p>`}
<form method="post"><label>Card <select name="card">${CARDS.map(
        ({ last4, label }) => `<option value="${last4}">${escape(label)}</option>`,
      ).join("")}</select></label>
<label>Name on the receipt <input name="name" value="Mira Example" required maxlength="80"></label>
<label>Country <select name="country"><option value="US">United States, no tax</option><option value="DE">Germany, 19 % VAT</option></select></label>
<label>VAT number, if any <input name="taxId" value="" maxlength="20"></label>
${button("pay", setup ? "Save the card" : "Pay by card", true)}
${button("decline", "Try a card that is declined")}
${setup ? "" : button("delay", "Pay by a bank debit that arrives in 3 s") + button("delay-fails", "Pay by a bank debit that fails in 3 s")}
${button("cancel", "Go back without paying")}</form>`;
  return page(isClosed ? "Closed" : title, body);
}

export function portalHtml(store: StripeStore, portal: StripeObject): string {
  const customer = store.get(portal.customer, "customer");
  const cards = store.list(
    "payment_method",
    (thing) => thing.customer === customer.id && Boolean(thing.card),
  );
  const rows = cards.map((method) => {
    const { brand, last4 } = method.card as { brand: string; last4: string };
    return `<button name="remove" value="${escape(method.id)}">Remove ${escape(brand)} ${escape(last4)}</button>`;
  });
  return page(
    "Billing",
    `<h1>Billing details</h1><form method="post"><label>Name on receipts <input name="name" value="${escape(customer.name ?? "")}" maxlength="80"></label>
<button class="main" name="save" value="1">Save</button>${rows.join("") || "<p>No card is saved.</p>"}</form><p><a href="${escape(portal.return_url)}">Back to OneKey</a></p>`,
  );
}
