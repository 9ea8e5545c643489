import { z } from "zod";

const amount = z.number().int();

export const Hold = z.object({
  id: z.string(),
  projectId: z.string(),
  /** Nano-credits taken out of `credits`, or of the free allowance when `free`. */
  amount,
  free: z.boolean(),
  by: z.string(),
  /** When the request came: a project's monthly allowance is that of this instant's month. */
  at: z.number().int(),
  model: z.string(),
  endpoint: z.string(),
});
export type Hold = z.infer<typeof Hold>;

export const WindowLimits = z.object({
  requestsPerMinute: z.number().int().min(1).max(1_000_000).optional(),
  /** Nano-credits a calendar month (UTC). */
  creditsPerMonth: amount.min(0).optional(),
});
export type WindowLimits = z.infer<typeof WindowLimits>;

/** A project's name as a user may write it: no control characters, and none that turn the direction of text. */
export const ProjectName = z
  .string("Give the project a name.")
  .trim()
  .min(1, "Give the project a name.")
  .max(60, "A name has at most 60 characters.")
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "A name is one line of plain text.");

/** `replaced` is the preview of the key that this one took the place of. */
const Key = z.object({
  digest: z.string(),
  preview: z.string(),
  createdAt: z.date(),
  replaced: z.string().optional(),
});

export const Project = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.date(),
  key: Key.optional(),
  /** The key while the account is suspended: it is no key then, and comes back when the suspension is lifted. */
  heldKey: Key.optional(),
  models: z.array(z.string()).optional(),
  /** Client addresses in CIDR form, such as `203.0.113.0/24`. */
  addresses: z.array(z.string()).optional(),
  /** Origins of the websites whose scripts may use the key, such as `https://app.example.com`; others' are refused. */
  origins: z.array(z.string()).optional(),
  limits: WindowLimits,
  /** Whether chat streams are asked for their usage; without it, STREAM_USAGE decides. */
  exactStreamUsage: z.boolean().optional(),
  /** Since `at` (epoch milliseconds), a request whose price is above the one then in force is refused. */
  priceGuard: z.object({ at: z.number().int() }).optional(),
  /** What is left of the limits in the window that began at `at`; there only where there is a limit. */
  minute: z.object({ at: z.number().int(), left: z.number().int() }).optional(),
  month: z
    .object({
      at: z.number().int(),
      left: amount,
      /** A new limit whose count of the month is not in `left` yet: see limits.ts. */
      opening: z.string().optional(),
    })
    .optional(),
  /** Nano-credits charged by month ("2026-11"), limit or not, so that a limit that is set today counts the complete month. */
  spent: z.record(z.string(), amount).optional(),
});
export type Project = z.infer<typeof Project>;

/**
 * An address in the one form that it is stored and compared in. ASCII only, checked before it is lower-cased: the Kelvin
 * sign would become a k, and with it someone else's address.
 */
export const EmailAddress = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email())
  .transform((address) => address.toLowerCase());

/** A sign-in method in addition to the link to the account's address, which needs no entry. */
export const LinkedMethod = z.object({
  provider: z.enum(["google", "github"]),
  /** The provider's own id of the person, which stays when they change their address there. */
  subject: z.string(),
  email: z.string(),
  linkedAt: z.date(),
});
export type LinkedMethod = z.infer<typeof LinkedMethod>;

/** A mail when the balance falls below a threshold. */
export const BalanceAlert = z.object({
  /** Nano-credits. */
  threshold: amount.min(1),
  /** Whether the next fall below it is mailed: false from the mail until the balance is above it again. */
  armed: z.boolean(),
});
export type BalanceAlert = z.infer<typeof BalanceAlert>;

/** How a person wants to be called; may be empty. */
export const PersonName = z
  .string()
  .trim()
  .max(100, "A name has at most 100 characters.")
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "A name is one line of plain text.");

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
  _id: z.string(),
  email: z.string(),
  name: z.string(),
  image: z.string().nullable(),
  methods: z.array(LinkedMethod).optional(),
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
  /** The digests of `projects.key`, so that one unique sparse index finds a key and admits any number of keyless projects. */
  keys: z.array(z.string()).optional(),
  projects: z.array(Project),
  holds: z.array(Hold),
  /** The minute (UTC) that began at `at`, and how many requests of the account were admitted in it. */
  minute: z.object({ at: z.number().int(), used: z.number().int() }).optional(),
  alert: BalanceAlert.optional(),
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
