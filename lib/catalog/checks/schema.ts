import { z } from "zod";
import { Provider } from "../schema";

/** What a check of the catalog against the world came upon. */
export const FindingKind = z.enum([
  /** A provider lists an id that the catalog does not know. */
  "new",
  /** The catalog offers a model that its provider no longer lists. */
  "gone",
  /** A provider states an end that the catalog does not have, or another one. */
  "ending",
  /** A price list has another price. */
  "price",
]);
export type FindingKind = z.infer<typeof FindingKind>;

export const CatalogFinding = z.object({
  kind: FindingKind,
  provider: Provider,
  model: z.string(),
  /** One line for the operator. */
  detail: z.string(),
  /** What can be applied with certainty: the end that the provider itself states, and a replacement. */
  patch: z.object({ retires: z.string(), replacedBy: z.string().optional() }).optional(),
});
export type CatalogFinding = z.infer<typeof CatalogFinding>;

export const CatalogCheck = z.object({
  _id: z.string(),
  at: z.date(),
  catalogVersion: z.string(),
  providers: z.array(
    z.object({
      provider: Provider,
      /** Models that it lists; null when it was not asked or did not respond. */
      listed: z.number().int().nullable(),
      /** Why not, in words that name nothing of our account. */
      problem: z.string().nullable(),
    }),
  ),
  findings: z.array(CatalogFinding),
});
export type CatalogCheck = z.infer<typeof CatalogCheck>;

/** Whose turn the daily check is: one document, claimed by one instance at a time. */
export const CheckTurn = z.object({ _id: z.literal("daily"), nextAt: z.date() });
export type CheckTurn = z.infer<typeof CheckTurn>;
