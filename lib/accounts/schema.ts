import { z } from "zod";

const amount = z.number().int();

export const Hold = z.object({
  id: z.string(),
  projectId: z.string(),
  /** Nano-credits taken out of `credits`, or of the free allowance when `free`. */
  amount,
  free: z.boolean(),
  /** The month (epoch milliseconds of its first instant, UTC) whose allowance the amount was taken from; 0 for none. */
  month: z.number().int(),
  by: z.string(),
  at: z.number().int(),
  model: z.string(),
  endpoint: z.string(),
});
export type Hold = z.infer<typeof Hold>;

export const Limits = z.object({
  requestsPerMinute: z.number().int().min(1).max(1_000_000).optional(),
  /** Nano-credits a calendar month (UTC). */
  creditsPerMonth: amount.min(0).optional(),
});
export type Limits = z.infer<typeof Limits>;

export const Project = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.date(),
  key: z.object({ digest: z.string(), preview: z.string(), createdAt: z.date() }).optional(),
  models: z.array(z.string()).optional(),
  /** Client addresses in CIDR form, such as `203.0.113.0/24`. */
  addresses: z.array(z.string()).optional(),
  limits: Limits,
  minute: z.object({ at: z.number().int(), left: z.number().int() }).optional(),
  month: z.object({ at: z.number().int(), left: amount }).optional(),
});
export type Project = z.infer<typeof Project>;

export const Account = z.object({
  _id: z.string(),
  email: z.string(),
  name: z.string(),
  image: z.string().nullable(),
  createdAt: z.date(),
  seq: z.number().int(),
  credits: amount,
  posted: amount,
  charged: amount,
  free: z.object({ requests: z.number().int(), credits: amount }),
  /** The digests of `projects.key`, so that one unique sparse index finds a key and admits any number of keyless projects. */
  keys: z.array(z.string()).optional(),
  projects: z.array(Project),
  holds: z.array(Hold),
});
export type Account = z.infer<typeof Account>;

export const FREE_REQUESTS = 20;
/** A new request waits while this many are open on one account. */
export const HOLDS_MAX = 500;
