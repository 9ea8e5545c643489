import type { Purchase } from "@/lib/purchases/schema";

export type PaymentState = {
  status: Purchase["status"] | "processing";
  reason?: string;
  entry?: string;
};

/** What the buyer's page is told of a purchase. */
export function paymentState({ status, processing, reason, entry }: Purchase): PaymentState {
  return {
    status: status === "open" && processing ? "processing" : status,
    ...(reason === undefined ? {} : { reason }),
    ...(entry === undefined ? {} : { entry }),
  };
}
