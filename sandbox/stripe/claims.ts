import { text, type FormParams } from "./form";
import type { PaymentContext } from "./payments";
import { invalid, newId, seconds, type StripeObject } from "./store";

export function createRefund(
  { store, webhooks }: PaymentContext,
  params: FormParams,
): StripeObject {
  const intent = store.get(text(params.payment_intent), "payment_intent");
  const charge = store.get(intent.latest_charge, "charge");
  const refundable = Number(charge.amount) - Number(charge.amount_refunded);
  const amount = params.amount === undefined ? refundable : Number(text(params.amount));
  if (!(amount > 0 && amount <= refundable))
    throw invalid(
      `Refund amount is greater than unrefunded amount on charge (${refundable})`,
      "amount",
    );
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
  const refundedTotal = Number(charge.amount_refunded) + amount;
  store.change(charge.id, {
    amount_refunded: refundedTotal,
    refunded: refundedTotal === charge.amount,
  });
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

export function openDispute({ store, webhooks }: PaymentContext, params: FormParams): StripeObject {
  const intent = store.get(text(params.payment_intent), "payment_intent");
  const charge = store.change(String(intent.latest_charge), { disputed: true });
  const amount = params.amount === undefined ? Number(charge.amount) : Number(text(params.amount));
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
  const transactions = dispute.balance_transactions as unknown[];
  store.change(id, {
    status: "won",
    balance_transactions: [...transactions, movement(Number(dispute.amount))],
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
