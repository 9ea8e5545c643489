import type { Purchase } from "@/lib/purchases/schema";

export type PaymentState = {
  status: Purchase["status"] | "processing";
  reason?: string;
  entry?: string;
};

/** The state of a purchase that the buyer's page shows. */
export function paymentState({ status, processing, reason, entry }: Purchase): PaymentState {
  return {
    status: status === "open" && processing ? "processing" : status,
    ...(reason === undefined ? {} : { reason }),
    ...(entry === undefined ? {} : { entry }),
  };
}
