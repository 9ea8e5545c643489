import { z } from "zod";
import { formatUsd } from "@/lib/format";
import { parseCredits, type NanoCredits } from "@/lib/money";

export const PACKS = ["10", "25", "50", "100"] as const;
export const PURCHASE_MIN = parseCredits("5");
export const PURCHASE_MAX = parseCredits("2000");

const dollars = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/;

/** An amount in dollars as somebody types it ("50", "$1,250.00"), within a range; the error says what was wrong with it. */
export function dollarAmount({ min, max }: { min: number; max: number }) {
  return z.string().transform((text, context): NanoCredits => {
    const fail = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const range = `from ${formatUsd(min)} to ${formatUsd(max)}`;
    const input = text.trim();
    if (input === "") return fail(`Enter an amount ${range}.`);
    const match = dollars.exec(input);
    if (!match) return fail(`That is not an amount: use digits, such as 50 or 12.50, ${range}.`);
    const [digits = "", part = ""] = [match[1]?.replaceAll(",", ""), match[2]];
    if (part.length > 2) return fail("An amount may have at most two digits after the point.");
    if (digits.replace(/^0+/, "").length > 9) return fail(`The most is ${formatUsd(max)}.`);
    const amount = parseCredits(`${digits.slice(-9)}.${part.padEnd(1, "0")}`);
    if (amount < min) return fail(`The least is ${formatUsd(min)}.`);
    if (amount > max) return fail(`The most is ${formatUsd(max)}.`);
    return amount;
  });
}

export const PurchaseAmount = dollarAmount({ min: PURCHASE_MIN, max: PURCHASE_MAX });
