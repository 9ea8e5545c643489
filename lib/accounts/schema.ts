import { z } from "zod";
import { Cap, Limits } from "./limit-schema";

export * from "./limit-schema";

const amount = z.number().int();

export const Hold = z.object({
  id: z.string(),
  projectId: z.string(),
  /** Missing on holds of earlier versions. */
  keyId: z.string().optional(),
  /** Nano-credits taken out of `credits`, or of the free allowance when `free`. */
  amount,
  free: z.boolean(),
  /** What counts against credit limits, where it is not `amount`: the maximum cost of a request that holds all of a smaller balance. */
  limitAmount: amount.optional(),
  /** The tokens that count against limits of tokens a minute, and the caps that they were taken from. */
  tokens: z.number().int().optional(),
  tokenCaps: z.array(z.string()).optional(),
  by: z.string(),
  /** When the request came: it counts in the day, week and month of this instant. */
  at: z.number().int(),
  model: z.string(),
  endpoint: z.string(),
});
export type Hold = z.infer<typeof Hold>;

/** A project's name as a user may write it: no control characters, and none that turn the direction of text. */
export const ProjectName = z
  .string("Give the project a name.")
  .trim()
  .min(1, "Give the project a name.")
  .max(60, "A name has at most 60 characters.")
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "A name is one line of plain text.");

export const Project = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.date(),
  models: z.array(z.string()).optional(),
  /** Client addresses in CIDR form, such as `203.0.113.0/24`. */
  addresses: z.array(z.string()).optional(),
  /** Origins of the websites whose scripts may use the key, such as `https://app.example.com`; others' are refused. */
  origins: z.array(z.string()).optional(),
  limits: Limits,
  /** Whether chat streams are asked for their usage; without it, STREAM_USAGE decides. */
  exactStreamUsage: z.boolean().optional(),
  /** Since `at` (epoch milliseconds), a request whose price is above the one then in force is refused. */
  priceGuard: z.object({ at: z.number().int() }).optional(),
  /** Nano-credits charged by month ("2026-11"), limit or not, so that a limit that is set today counts the complete month. */
  spent: z.record(z.string(), amount).optional(),
});
export type Project = z.infer<typeof Project>;

/**
 * An address in the one form that it is stored and compared in: what browsers take in a field for addresses
 * (https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address). ASCII only, checked before it is lower-cased: the Kelvin
 * sign would become a k, and with it someone else's address.
 */
export const EmailAddress = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email({ pattern: z.regexes.html5Email }))
  .transform((address) => address.toLowerCase());

/** A mail when the balance falls below a threshold. */
export const BalanceAlert = z.object({
  /** Nano-credits. */
  threshold: amount.min(1),
  /** Whether the next fall below it is mailed: false from the mail until the balance is above it again. */
  armed: z.boolean(),
});
export type BalanceAlert = z.infer<typeof BalanceAlert>;

/** The alerts about limits and spending that an account can switch off. */
export const LimitAlertKind = z.enum(["threshold", "spike"]);
export type LimitAlertKind = z.infer<typeof LimitAlertKind>;

/** A saved card as Stripe names it; its number is never here. */
export const SavedCard = z.object({
  paymentMethod: z.string(),
  brand: z.string(),
  last4: z.string(),
  expires: z.string(),
});
export type SavedCard = z.infer<typeof SavedCard>;

/** Buying credits by the saved card when the balance falls below a threshold. Amounts are nano-credits. */
export const TopUp = z.object({
  on: z.boolean(),
  threshold: amount,
  amount,
  /** The most that it may charge the card in a calendar month (UTC), fees and tax included. */
  monthlyMax: amount,
  /** The month (epoch milliseconds of its first instant, UTC) and what was charged in it. */
  month: z.object({ at: z.number().int(), charged: amount }),
  /** The one charge in progress: its purchase and its total. */
  pending: z
    .object({
      purchase: z.string(),
      at: z.number().int(),
      amount,
      fee: amount,
      tax: z.array(z.object({ name: z.string(), amount })),
      calculation: z.string().optional(),
      paymentMethod: z.string(),
    })
    .optional(),
  /** Why it turned itself off, and from when on somebody may mail that to its owner; without the time, it was mailed. */
  stopped: z.object({ at: z.date(), reason: z.string(), mailAt: z.date().optional() }).optional(),
});
export type TopUp = z.infer<typeof TopUp>;

/** The daily limit that kept free requests from a new account. */
export const GrantRefusal = z.enum(["day", "network", "domain"]);
export type GrantRefusal = z.infer<typeof GrantRefusal>;

export const Account = z.object({
  /** Of a personal account, its user's too. */
  _id: z.string(),
  /** Whose account it is: one person's, who is its only member, or a team's. Missing on personal accounts. */
  kind: z.enum(["personal", "team"]).optional(),
  /** Of a personal account, its user's address; of a team, none (`team:` and the id). */
  email: z.string(),
  /** A team's name, or what the user of a personal account is called: payments name it. */
  name: z.string(),
  createdAt: z.date(),
  seq: z.number().int(),
  credits: amount,
  posted: amount,
  charged: amount,
  free: z.object({ requests: z.number().int(), credits: amount }),
  /**
   * Why the account began without free requests: a daily limit, in which case the first purchase brings them, or `earlier`,
   * when another account of the same person has had them.
   */
  freeWithheld: z.enum([...GrantRefusal.options, "earlier"]).optional(),
  /** The digests of the keys that work; absent when there are none, which a unique sparse index needs. Whose they are is in `keys`. */
  keys: z.array(z.string()).optional(),
  /** The same while the account is suspended: they work again when the suspension is lifted. */
  heldKeys: z.array(z.string()).optional(),
  /** When keys stop working, in epoch milliseconds; one without an entry has no end. */
  expiries: z.array(z.object({ digest: z.string(), at: z.number().int() })).optional(),
  /**
   * Counts the changes of keys, projects and limits. A hold's write names it, so that a request runs by the rules that were
   * read for it or not at all.
   */
  rulesVersion: z.number().int().optional(),
  projects: z.array(Project),
  /** Of the account, over all its projects. */
  limits: Limits.optional(),
  /** What is left of each limit of account, projects and keys in its current window; a list, also when empty. */
  caps: z.array(Cap),
  holds: z.array(Hold),
  /** The minute (UTC) that began at `at`, and how many requests of the account were admitted in it. */
  minute: z.object({ at: z.number().int(), used: z.number().int() }).optional(),
  /** Whether the chat streams of new projects are asked for their usage; without it, STREAM_USAGE decides. */
  exactStreamUsage: z.boolean().optional(),
  alert: BalanceAlert.optional(),
  /** The alerts that its owner switched off. */
  mutedAlerts: z.array(LimitAlertKind).optional(),
  /** By the operator: until it is lifted, the account has no working key and gets none. */
  suspendedAt: z.date().optional(),
  /** Deleted by its owner: no personal field is left, the figures are what the ledger and the books rest on. */
  erasedAt: z.date().optional(),
  /** Deleted, and what belongs to it elsewhere may not be erased yet, or a hold is still open. */
  closing: z.literal(true).optional(),
  /**
   * HMACs of the folded address and of each linked sign-in identity, only on a suspended or a deleted account: by them a
   * suspension or a debt is found again when the person comes back.
   */
  personDigests: z.array(z.string()).optional(),
  stripe: z.object({ customer: z.string(), card: SavedCard.optional() }).optional(),
  topUp: TopUp.optional(),
});
export type Account = z.infer<typeof Account>;

/**
 * That the free requests were given to a person: an HMAC of their folded address, which outlives the account. `accountId` is
 * there only while that account is being made.
 */
export const FreeGrant = z.object({
  _id: z.string(),
  at: z.date(),
  accountId: z.string().optional(),
});
export type FreeGrant = z.infer<typeof FreeGrant>;

/**
 * How many free grants were made on one UTC day (`_id`, as 2026-11-30): in total, and under HMACs of the day with each
 * network, email domain and account.
 */
export const GrantDay = z.object({
  _id: z.string(),
  counts: z.record(z.string(), z.number().int()),
  expires: z.date(),
});
export type GrantDay = z.infer<typeof GrantDay>;

export const isTeam = ({ kind }: Pick<Account, "kind">): boolean => kind === "team";

/** The team that a dashboard URL of the account names; null for a personal account. */
export const teamIdOf = (account: Pick<Account, "_id" | "kind">): string | null =>
  isTeam(account) ? account._id : null;

/** How operators and mails name an account: a team's name, or a person's address. */
export const accountLabel = (account: Pick<Account, "kind" | "name" | "email">): string =>
  isTeam(account) && account.name !== "" ? account.name : account.email;

/** What an account owns (nano-credits): what a request can use and what open requests hold of it. */
export const balanceOf = ({
  posted: ledgerSum,
  charged: usageSum,
}: Pick<Account, "posted" | "charged">): number => ledgerSum - usageSum;

/** Credits (nano-credits) that open requests hold; holds on free requests hold none. */
export const heldTotal = (holds: Pick<Hold, "amount" | "free">[]): number =>
  holds.reduce((sum, { amount, free }) => sum + (free ? 0 : amount), 0);

export const FREE_REQUESTS = 20;
/** How long the digests of a deleted account with payments are kept: a card payment can be disputed for months. */
export const DIGESTS_DAYS = 180;
export const PROJECTS_MAX = 100;
/** Keys of an account that work at the same time; a key that is being rotated counts twice. */
export const KEYS_MAX = 200;
