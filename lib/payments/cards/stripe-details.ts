import type Stripe from "stripe";
import type { SavedCard } from "@/lib/accounts/schema";
import type { BillingDetails, StripeDetails } from "@/lib/ledger/schema";
import { fromCents, idOf } from "./stripe-client";

/** What a receipt says of a paid Checkout session. */
export function detailsOfSession(
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent,
): StripeDetails {
  const { customer_details: buyer, total_details: totals } = session;
  const taxes = totals?.breakdown?.taxes ?? [];
  return {
    paymentIntent: intent.id,
    checkout: session.id,
    total: fromCents(session.amount_total ?? intent.amount_received),
    tax:
      taxes.length > 0 || !totals?.amount_tax
        ? taxes
            .filter(({ amount }) => amount > 0)
            .map(({ amount, rate }) => ({ name: taxName(rate), amount: fromCents(amount) }))
        : [{ name: "Tax", amount: fromCents(totals.amount_tax) }],
    method: methodOf(intent),
    billing: billingOf({
      name: buyer?.business_name ?? buyer?.name,
      email: buyer?.email,
      address: buyer?.address,
      taxIds: (buyer?.tax_ids ?? []).map(({ value }) => value),
    }),
  };
}

function taxName({ display_name, percentage, jurisdiction }: Stripe.TaxRate): string {
  const rate = percentage === null ? "" : ` ${Number(percentage)} %`;
  return `${display_name}${rate}${jurisdiction ? `, ${jurisdiction}` : ""}`;
}

export function billingOf(buyer: {
  name?: string | null | undefined;
  email?: string | null | undefined;
  address?: Stripe.Address | null | undefined;
  taxIds?: (string | null)[];
}): BillingDetails {
  const { line1, line2, city, postal_code: postalCode, state, country } = buyer.address ?? {};
  const address = [
    line1,
    line2,
    [postalCode, city].filter(Boolean).join(" "),
    state,
    country,
  ].flatMap((part) => (part ? [part] : []));
  const taxIds = (buyer.taxIds ?? []).flatMap((value) => (value ? [value] : []));
  return {
    ...(buyer.name ? { name: buyer.name } : {}),
    ...(buyer.email ? { email: buyer.email } : {}),
    ...(address.length > 0 ? { address } : {}),
    ...(taxIds.length > 0 ? { taxIds } : {}),
  };
}

/** "Visa ending in 4242"; another method by its name. */
export function methodOf({ payment_method: method }: Stripe.PaymentIntent): string {
  if (typeof method !== "object" || method === null) return "Card";
  if (method.card) return `${capital(method.card.brand)} ending in ${method.card.last4}`;
  return capital(method.type.replaceAll("_", " ")).replace(/^Us /, "US ");
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The saved card as we keep it; null for a method that is not a card. */
export function savedCardOf(method: Stripe.PaymentMethod): SavedCard | null {
  const { id, card } = method;
  if (!card) return null;
  const expires = `${String(card.exp_month).padStart(2, "0")}/${card.exp_year}`;
  return { paymentMethod: id, brand: capital(card.brand), last4: card.last4, expires };
}

/** An expanded object; throws where Stripe returned only its id. */
export function expanded<T extends { id: string }>(
  reference: string | T | null | undefined,
  name: string,
): T {
  if (typeof reference !== "object" || reference === null)
    throw new Error(`Stripe did not expand ${name} ${idOf(reference) ?? ""}.`);
  return reference;
}
