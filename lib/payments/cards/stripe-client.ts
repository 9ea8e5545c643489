import Stripe from "stripe";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { nano, type NanoCredits } from "@/lib/money";

let client: Stripe | undefined;

export const cardsConfigured = (): boolean => env().stripe !== null;

/** Stripe's settings; without them buying by card is off and says so. */
export function stripeSettings() {
  const { stripe: settings } = env();
  if (!settings)
    throw new AppError("unavailable", "Payments by card are not set up on this server.");
  return settings;
}

export function stripe(): Stripe {
  client ??= connect();
  return client;
}

function connect(): Stripe {
  const { secretKey, apiUrl } = stripeSettings();
  const { protocol, hostname, port } = new URL(apiUrl);
  return new Stripe(secretKey, {
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    ...(port === "" ? {} : { port }),
    maxNetworkRetries: 2,
    timeout: 20_000,
    telemetry: false,
  });
}

/** The currency of every purchase: one credit is one US dollar. */
export const CURRENCY = "usd";

const NANO_PER_CENT = 10_000_000;

export const fromCents = (cents: number): NanoCredits => nano(cents * NANO_PER_CENT);

/** In cents; throws a RangeError for an amount with a fraction of a cent. */
export function toCents(amount: number): number {
  if (amount % NANO_PER_CENT !== 0)
    throw new RangeError("A card amount must be a multiple of one cent.");
  return amount / NANO_PER_CENT;
}

export const idOf = (reference: string | { id: string } | null | undefined): string | undefined =>
  typeof reference === "string" ? reference : reference?.id;

type StripeErrorType = "StripeCardError" | "StripeInvalidRequestError";

/**
 * An error of this type that Stripe responded with, else null. It is recognized by name: Next bundles its own copy of the
 * package, whose classes are others than those of the server around it.
 */
export function stripeError(
  error: unknown,
  type: StripeErrorType,
): Stripe.errors.StripeError | null {
  return error instanceof Error && "type" in error && error.type === type
    ? (error as Stripe.errors.StripeError)
    : null;
}

/** Whether Stripe says that there is no such object. */
export const isMissing = (error: unknown): boolean =>
  stripeError(error, "StripeInvalidRequestError")?.code === "resource_missing";
