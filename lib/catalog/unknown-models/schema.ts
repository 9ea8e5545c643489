import { z } from "zod";

/** A model that a provider says served requests, and that the catalog does not know: they are charged as asked. */
export const UnknownModel = z.object({
  /** The model of the requests and the one that served them: the same pair is never there twice. */
  _id: z.string(),
  provider: z.string(),
  model: z.string(),
  servedModel: z.string(),
  firstAt: z.date(),
  lastAt: z.date(),
  /** When the operators were notified; null until then. */
  mailedAt: z.date().nullable(),
});
export type UnknownModel = z.infer<typeof UnknownModel>;

/** A pair is kept for so long after it was last seen. */
export const UNKNOWN_MODEL_DAYS = 90;
