import { z } from "zod";

/** What a customer is notified of, once: a model they used ends, or its price rises. */
export const CatalogNotice = z.object({
  /** See `noticeId`. */
  _id: z.string(),
  accountId: z.string(),
  kind: z.enum(["retires", "price"]),
  model: z.string(),
  /** The day from which it counts. */
  on: z.string(),
  /** One or two sentences. */
  text: z.string(),
  at: z.date(),
  mailedAt: z.date().nullable(),
  dismissedAt: z.date().nullable(),
});
export type CatalogNotice = z.infer<typeof CatalogNotice>;

/** account, kind, model and day: the same notice is never there twice. */
export const noticeId = ({
  accountId,
  kind,
  model,
  on,
}: Pick<CatalogNotice, "accountId" | "kind" | "model" | "on">): string =>
  [accountId, kind, model, on].join("/");

/** Notices are kept so long, so that none comes again. */
export const NOTICE_DAYS = 400;
