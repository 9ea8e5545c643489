import { text, type FormParams } from "./form";
import type { PaymentContext } from "./payments";
import { invalid, newId, seconds, type StripeObject } from "./store";

export function createRefund({ store, webhooks }: PaymentContext, given: FormParams): StripeObject {
  const intent = store.get(text(given.payment_intent), "payment_intent");
  const charge = store.get(intent.latest_charge, "charge");
  const left = Number(charge.amount) - Number(charge.amount_refunded);
  const amount = given.amount === undefined ? left : Number(text(given.amount));
  if (!(amount > 0 && amount <= left))
    throw invalid(`Refund amount is greater than unrefunded amount on charge (${left})`, "amount");
  const refund = store.put({
    id: newId("re"),
    object: "refund",
    amount,
    charge: charge.id,
    created: seconds(),
    currency: charge.currency,
    metadata: {},
    payment_intent: intent.id,
    status: "succeeded",
  });
  const refunded = Number(charge.amount_refunded) + amount;
  store.change(charge.id, { amount_refunded: refunded, refunded: refunded === charge.amount });
  webhooks.emit("refund.created", refund, intent.customer);
  webhooks.emit("charge.refunded", charge, intent.customer);
  return refund;
}

/** The buyer's bank sends a refund back. */
export function failRefund({ store, webhooks }: PaymentContext, id: string): StripeObject {
  const refund = store.change(id, { status: "failed", failure_reason: "lost_or_stolen_card" });
  const charge = store.get(refund.charge, "charge");
  store.change(charge.id, {
    amount_refunded: Number(charge.amount_refunded) - Number(refund.amount),
    refunded: false,
  });
  webhooks.emit("refund.failed", refund, charge.customer);
  return refund;
}

export function openDispute({ store, webhooks }: PaymentContext, given: FormParams): StripeObject {
  const intent = store.get(text(given.payment_intent), "payment_intent");
  const charge = store.change(String(intent.latest_charge), { disputed: true });
  const amount = given.amount === undefined ? Number(charge.amount) : Number(text(given.amount));
  const dispute = store.put({
    id: newId("dp"),
    object: "dispute",
    amount,
    balance_transactions: [] as unknown[],
    charge: charge.id,
    created: seconds(),
    currency: charge.currency,
    payment_intent: intent.id,
    reason: "fraudulent",
    status: "needs_response",
  });
  webhooks.emit("charge.dispute.created", dispute, intent.customer);
  store.change(dispute.id, { balance_transactions: [movement(-amount)] });
  webhooks.emit("charge.dispute.funds_withdrawn", dispute, intent.customer);
  return dispute;
}

export function winDispute({ store, webhooks }: PaymentContext, id: string): StripeObject {
  const dispute = store.get(id, "dispute");
  const moved = dispute.balance_transactions as unknown[];
  store.change(id, {
    status: "won",
    balance_transactions: [...moved, movement(Number(dispute.amount))],
  });
  const { customer } = store.get(dispute.charge, "charge");
  webhooks.emit("charge.dispute.closed", dispute, customer);
  webhooks.emit("charge.dispute.funds_reinstated", dispute, customer);
  return dispute;
}

const movement = (amount: number) => ({
  id: newId("txn"),
  object: "balance_transaction",
  amount,
  currency: "usd",
  type: "adjustment",
});
