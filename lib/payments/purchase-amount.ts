import { z } from "zod";
import { formatUsd } from "@/lib/format";
import { parseCredits, type Nano } from "@/lib/money";

export const PACKS = ["10", "25", "50", "100"] as const;
export const PURCHASE_MIN = parseCredits("5");
export const PURCHASE_MAX = parseCredits("2000");

const dollars = /^\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/;

/** An amount in dollars as somebody types it ("50", "$1,250.00"), within a range; the error says what was wrong with it. */
export function dollarAmount({ min, max }: { min: number; max: number }) {
  return z.string().transform((text, context): Nano => {
    const fail = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const range = `from ${formatUsd(min)} to ${formatUsd(max)}`;
    const typed = text.trim();
    if (typed === "") return fail(`Enter an amount ${range}.`);
    const match = dollars.exec(typed);
    if (!match) return fail(`That is not an amount: use digits, such as 50 or 12.50, ${range}.`);
    const [whole = "", part = ""] = [match[1]?.replaceAll(",", ""), match[2]];
    if (part.length > 2)
      return fail("An amount has whole cents: at most two digits after the point.");
    if (whole.replace(/^0+/, "").length > 9) return fail(`The most is ${formatUsd(max)}.`);
    const amount = parseCredits(`${whole.slice(-9)}.${part.padEnd(1, "0")}`);
    if (amount < min) return fail(`The least is ${formatUsd(min)}.`);
    if (amount > max) return fail(`The most is ${formatUsd(max)}.`);
    return amount;
  });
}

export const PurchaseAmount = dollarAmount({ min: PURCHASE_MIN, max: PURCHASE_MAX });
