import { list, params, text, type FormParams } from "./form";
import type { PaymentContext } from "./payments";
import { ApiError, newId, type StripeObject } from "./store";

export const TAX = { DE: { name: "VAT", percentage: 19, jurisdiction: "Germany" } } as const;
export const taxFor = (country: unknown) => (country === "DE" ? TAX.DE : null);

export function calculateTax({ store }: PaymentContext, form: FormParams): StripeObject {
  const customer = store.get(text(form.customer), "customer");
  const country = (customer.address as { country?: string } | null)?.country;
  if (!country)
    throw new ApiError(400, {
      type: "invalid_request_error",
      code: "customer_tax_location_invalid",
      message:
        "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
    });
  const amount = list(form.line_items).reduce<number>(
    (sum, line) => sum + Number(text(params(line).amount)),
    0,
  );
  const rate = taxFor(country);
  const tax = rate ? Math.round((amount * rate.percentage) / 100) : 0;
  return {
    id: newId("taxcalc"),
    object: "tax.calculation",
    amount_total: amount + tax,
    currency: "usd",
    customer: customer.id,
    tax_amount_exclusive: tax,
    tax_amount_inclusive: 0,
    tax_breakdown: [
      {
        amount: tax,
        inclusive: false,
        tax_rate_details: {
          country,
          percentage_decimal: String(rate?.percentage ?? 0),
          state: null,
          tax_type: rate ? "vat" : null,
        },
        taxability_reason: rate ? "standard_rated" : "not_collecting",
        taxable_amount: amount,
      },
    ],
  };
}
