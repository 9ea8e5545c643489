import { z } from "zod";

/** A JSON merge patch (RFC 7396) of one model as the catalog writes it down: null removes a field, an array replaces the other. */
const ModelPatch = z.record(z.string(), z.json());
export type ModelPatch = z.infer<typeof ModelPatch>;

/** What an operator applies. A new id is a complete model; a known one is changed field by field. */
export const OverlayFile = z.strictObject({
  /** From when it is in force; left out, from the moment it is applied. */
  effective: z.iso.datetime().optional(),
  note: z.string().max(500).optional(),
  models: z.record(
    z.string().regex(/^[\w.-]{1,128}$/, "A model id has letters, digits, dots and dashes."),
    ModelPatch,
  ),
});
export type OverlayFile = z.infer<typeof OverlayFile>;

/** One version of what lies over the built-in catalog. Never changed once it is there. */
export const Overlay = z.object({
  /** 1, 2, 3, … */
  _id: z.number().int().positive(),
  at: z.date(),
  /** The operator's account; null on the command line and for the daily check. */
  by: z.string().nullable(),
  effective: z.date(),
  note: z.string(),
  models: z.record(z.string(), ModelPatch),
  /** The version that this one takes out of force. */
  withdraws: z.number().int().positive().optional(),
});
export type Overlay = z.infer<typeof Overlay>;
