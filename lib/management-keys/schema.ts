import { z } from "zod";
import { Creator } from "@/lib/keys/schema";

/** What a management key may do; none lets it call a model. */
export const ManagementScope = z.enum(["read", "keys", "limits", "members", "webhooks"]);
export type ManagementScope = z.infer<typeof ManagementScope>;

/** A key for programs that manage an account. */
export const ManagementKey = z.object({
  _id: z.string(),
  accountId: z.string(),
  name: z.string(),
  scopes: z.array(ManagementScope).min(1),
  digest: z.string(),
  preview: z.string(),
  /** Secrets from before a rotation, which work until their end. */
  oldSecrets: z
    .array(z.object({ digest: z.string(), preview: z.string(), endsAt: z.date() }))
    .optional(),
  createdAt: z.date(),
  creator: Creator,
  expiresAt: z.date().optional(),
  /** Client addresses in CIDR form. */
  addresses: z.array(z.string()).optional(),
  /** The UTC day (2026-11-30) of its last use. */
  lastUsedDay: z.string().optional(),
  revokedAt: z.date().optional(),
});
export type ManagementKey = z.infer<typeof ManagementKey>;

/** The secrets from before a rotation that still work at a time (epoch milliseconds). */
export const liveOldSecrets = ({ oldSecrets = [] }: ManagementKey, now: number) =>
  oldSecrets.filter(({ endsAt }) => endsAt.getTime() > now);

/** So many old secrets of one key work together. */
export const OLD_SECRETS_MAX = 20;
export const MANAGEMENT_KEYS_MAX = 20;
/** A key has at most so many addresses. */
export const MANAGEMENT_ADDRESSES_MAX = 20;

/** The response to a write with an Idempotency-Key, kept for a repeat. */
export const SavedResponse = z.object({
  /** An HMAC of the key that sent it and its Idempotency-Key. */
  _id: z.string(),
  accountId: z.string(),
  /** SHA-256 of method, path and body. */
  request: z.string(),
  /** Missing while the first request is being served. Encrypted with the Idempotency-Key, which is not stored. */
  response: z.string().optional(),
  /** Who serves the first request, and until when it counts as served; missing once there is a response. */
  lease: z.object({ owner: z.string(), until: z.date() }).optional(),
  expires: z.date(),
});
export type SavedResponse = z.infer<typeof SavedResponse>;

export const SAVED_HOURS = 24;
/** So long after its process died, a write may be sent again. */
export const LEASE_MS = 30_000;
