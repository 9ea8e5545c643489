import { formatCount } from "@/lib/format";
import { formatCredits } from "@/lib/money";
import type { AuditEntry } from "./schema";

type FieldValue = string | number | boolean | Date | string[] | null | undefined;

const NAMES: Record<string, string> = {
  creditsPerDay: "Credits a day",
  creditsPerWeek: "Credits a week",
  creditsPerMonth: "Credits a month",
  creditsTotal: "Credits in total",
  maxRequestCost: "Maximum cost of one request",
  requestsPerMinute: "Requests a minute",
  tokensPerMinute: "Tokens a minute",
  models: "Models",
  addresses: "Client addresses",
  origins: "Web pages",
  priceGuard: "Price guard",
  expiresAt: "Expires",
  name: "Name",
  threshold: "When the balance is below",
  amount: "Amount",
  monthlyMax: "At most a month",
};
const COUNTS = new Set(["requestsPerMinute", "tokensPerMinute"]);

/** The fields that differ between two states, in words. Amounts are nano-credits. */
export function changesBetween(
  before: Record<string, FieldValue>,
  after: Record<string, FieldValue>,
): AuditEntry["changes"] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.flatMap((field) => {
    const [old, next] = [wordsOf(field, before[field]), wordsOf(field, after[field])];
    return old === next ? [] : [{ name: NAMES[field] ?? field, before: old, after: next }];
  });
}

/**
 * A state's fields in words, by the names that entries give them, as they were before `entries` (the newest first); null for
 * nothing. Fields that none of the entries names are as they are.
 */
export function fieldsBefore(
  state: Record<string, FieldValue>,
  entries: Pick<AuditEntry, "changes">[],
): Record<string, string | null> {
  const fields: Record<string, string | null> = {};
  for (const [field, value] of Object.entries(state))
    fields[NAMES[field] ?? field] = wordsOf(field, value);
  for (const { changes } of entries) for (const { name, before } of changes) fields[name] = before;
  return fields;
}

function wordsOf(field: string, value: FieldValue): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "boolean") return value ? "on" : null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(", ");
  if (typeof value === "number")
    return COUNTS.has(field) ? formatCount(value) : formatCredits(value);
  return value;
}
