import { z } from "zod";
import { Limits } from "@/lib/accounts/schema";

/** A key's name as a user may write it: no control characters, and none that turn the direction of text. */
export const KeyName = z
  .string("Give the key a name.")
  .trim()
  .min(1, "Give the key a name.")
  .max(64, "A name has at most 64 characters.")
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "A name is one line of plain text.");

/** Who made something: a person by their account, a management key, or the operator. The name is the one of that day. */
export const Creator = z.object({
  kind: z.enum(["person", "management_key", "operator"]),
  id: z.string().nullable(),
  name: z.string(),
});
export type Creator = z.infer<typeof Creator>;

/** A secret of a key. Whether it works, and how long, is in the account document. */
const KeySecret = z.object({ digest: z.string(), preview: z.string(), createdAt: z.date() });

/**
 * A key of a project. Rotating it adds a secret, so that name, rules and limits stay. What a hold has to check is in the
 * account document; a change of `models` or `addresses` counts once the account's `rulesVersion` was raised after it.
 */
export const ApiKey = z.object({
  _id: z.string(),
  accountId: z.string(),
  projectId: z.string(),
  name: z.string(),
  createdAt: z.date(),
  /** Missing on keys of earlier versions. */
  creator: Creator.optional(),
  /** The newest last. */
  secrets: z.array(KeySecret).min(1),
  expiresAt: z.date().optional(),
  /** The expiry that its creator was warned of. */
  expiryNotice: z.date().optional(),
  /** Canonical model ids and client addresses in CIDR form; they narrow those of the project. */
  models: z.array(z.string()).optional(),
  addresses: z.array(z.string()).optional(),
  limits: Limits.optional(),
  /** The UTC day (2026-11-30) on which the key was last used. */
  lastUsedDay: z.string().optional(),
  revokedAt: z.date().optional(),
  /** Counts the changes of this document. */
  version: z.number().int(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** The most models and addresses that one key lists. */
export const KEY_MODELS_MAX = 50;
export const KEY_ADDRESSES_MAX = 20;

/** How long the old secret of a rotated key goes on working, in milliseconds. */
export const OVERLAPS = {
  none: 0,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
} as const;
export type Overlap = keyof typeof OVERLAPS;
