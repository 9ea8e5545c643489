import { handleStripeWebhook } from "@/lib/payments/cards/stripe-webhook";

export const dynamic = "force-dynamic";
export const POST = handleStripeWebhook;
