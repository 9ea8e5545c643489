/**
 * Money is nano-credits: 1 credit = 1 USD at list price = 1,000,000,000 nano-credits, a plain integer below 2^53.
 * Products are taken in bigint and rounded up once.
 */
export type NanoCredits = number & { readonly __unit: "nano-credits" };

export const NANO_PER_CREDIT = 1_000_000_000;

/** Brands an integer as nano-credits; throws a RangeError for anything that is not a safe integer. */
export function nano(value: number): NanoCredits {
  if (!Number.isSafeInteger(value))
    throw new RangeError("An amount must be an integer of nano-credits below 2^53.");
  return value as NanoCredits;
}

/** Reads a decimal amount in credits ("12", "0.5", "-3.25") exactly; throws a RangeError past 9 places or 2^53. */
export function parseCredits(text: string): NanoCredits {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (!match)
    throw new RangeError(
      `"${text}" is not an amount in credits: use digits with at most 9 decimal places.`,
    );
  const creditsPart = BigInt(match[2] ?? "0") * BigInt(NANO_PER_CREDIT);
  const part = BigInt((match[3] ?? "").padEnd(9, "0"));
  const value = Number(creditsPart + part);
  return nano(match[1] === "-" ? -value : value);
}

/** Credits with 9 places: 20586000 → "0.020586000". */
export function formatCredits(amount: number): string {
  const digits = String(Math.abs(nano(amount))).padStart(10, "0");
  return `${amount < 0 ? "-" : ""}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

const NANO_PER_CENT = 10_000_000n;

/** The fee on an amount: a share in hundredths of a percent and a fixed part, rounded up to the cent once. */
export function feeOn(
  amount: number,
  { bps, fixed: fixedFee }: { bps: number; fixed: number },
): NanoCredits {
  const unit = NANO_PER_CENT * 10_000n;
  const exact = BigInt(nano(amount)) * BigInt(bps) + BigInt(nano(fixedFee)) * 10_000n;
  return nano(Number(((exact + unit - 1n) / unit) * NANO_PER_CENT));
}
