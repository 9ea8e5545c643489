import { z } from "zod";
import { parseBlock } from "@/lib/accounts/addresses";
import type { LimitName } from "@/lib/accounts/schema";
import { ORIGINS_MAX, parseOrigin } from "@/lib/accounts/origins";
import { findModel } from "@/lib/catalog/queries";
import { NANO_PER_CREDIT, parseCredits } from "@/lib/money";

const MODELS_MAX = 200;
const ADDRESSES_MAX = 50;

/** An empty field sets no limit. */
const optional = <Schema extends z.ZodType<unknown, string>>(schema: Schema) =>
  z
    .string()
    .trim()
    .transform((text) => (text === "" ? undefined : text))
    .optional()
    .pipe(schema.optional() as z.ZodType<z.output<Schema> | undefined, string | undefined>);

/** A whole number as text, with or without commas. */
const integerUpTo = (noun: string, max: number) => {
  const message = `Enter a number of ${noun} from 1 to ${max.toLocaleString("en-US")}, or leave the field empty.`;
  return z
    .string()
    .regex(/^(\d{1,3}(,\d{3})+|\d{1,13})$/, message)
    .transform((text) => Number(text.replaceAll(",", "")))
    .refine((count) => count >= 1 && count <= max, message);
};

/** Dollars as text: 75, 75.5 or 1,000.00. */
const dollars = z.string().transform((text, context) => {
  const amount = /^\$?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,6})?$/.test(text)
    ? text.replace(/[$,]/g, "")
    : "";
  try {
    const nano: number = parseCredits(amount);
    if (nano <= 1_000_000 * NANO_PER_CREDIT) return nano;
  } catch {
    // Reported below with the form's message.
  }
  context.addIssue(
    "Enter an amount such as 75.00, at most $1,000,000.00, or leave the field empty.",
  );
  return z.NEVER;
});

/** Ids of models from the catalog; none selected is undefined, which allows all. */
export const modelList = z
  .union([z.string().transform((id) => [id]), z.array(z.string())])
  .optional()
  .transform((ids) => [...new Set(ids ?? [])].filter((id) => id !== ""))
  .refine(
    (ids) => ids.length <= MODELS_MAX && ids.every((id) => findModel(id)?.id === id),
    "Choose models from the list.",
  )
  .transform((ids) => (ids.length === 0 ? undefined : ids));

/** A field with one item a line, each in the one form that it is stored in. */
const lines = (options: {
  parse: (text: string) => string | null;
  expected: string;
  max: number;
  items: string;
}) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      const parts = (text ?? "").split(/[\s,]+/).filter((part) => part !== "");
      const list: string[] = [];
      for (const part of parts) {
        const item = options.parse(part);
        if (item === null) {
          context.addIssue(`"${part.slice(0, 60)}" is not ${options.expected}.`);
          return z.NEVER;
        }
        if (!list.includes(item)) list.push(item);
      }
      if (list.length > options.max) {
        context.addIssue(`A list has at most ${options.max} ${options.items}.`);
        return z.NEVER;
      }
      return list.length === 0 ? undefined : list;
    });

/** Addresses and ranges, one a line, in canonical form; an empty field is undefined, which allows any. */
export const addressList = lines({
  parse: parseBlock,
  expected: "an address such as 203.0.113.7 or a range such as 203.0.113.0/24",
  max: ADDRESSES_MAX,
  items: "addresses and ranges",
});

/** The fields of the limits of an account, a project or a key. */
export const limitFields = {
  requestsPerMinute: optional(integerUpTo("requests", 1_000_000)),
  tokensPerMinute: optional(integerUpTo("tokens", 1_000_000_000_000)),
  creditsPerDay: optional(dollars),
  creditsPerWeek: optional(dollars),
  creditsPerMonth: optional(dollars),
  creditsTotal: optional(dollars),
  maxRequestCost: optional(dollars),
} satisfies Record<LimitName, z.ZodType>;

/** The limits of an account as their form submits them. */
export const AccountLimitsForm = z.object(limitFields);

/** The limits of a project as its form submits them. */
export const LimitsForm = z.object({
  ...limitFields,
  models: modelList,
  addresses: addressList,
  origins: lines({
    parse: parseOrigin,
    expected: "an origin such as https://app.example.com",
    max: ORIGINS_MAX,
    items: "websites",
  }),
  priceGuard: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
});
