import { z } from "zod";
import type { DeliveryCursor } from "@/lib/webhook-deliveries/queries";
import { DeliveryState } from "@/lib/webhook-deliveries/schema";

export const PAGE = "/dashboard/settings/webhooks";

const queryText = z.preprocess(
  (value) => (Array.isArray(value) ? value[0] : value),
  z.string().max(80).optional().catch(undefined),
);
const idOf = (prefix: string) =>
  queryText.transform((text) =>
    new RegExp(`^${prefix}_[\\w-]{1,40}$`).test(text ?? "") ? text : undefined,
  );

/** The last delivery of the previous page: its time and its id. */
const before = queryText.transform((text): DeliveryCursor | undefined => {
  const match = /^(\d{1,15})\.(msg_[\w-]{1,40})$/.exec(text ?? "");
  return match ? { createdAt: new Date(Number(match[1])), _id: match[2] ?? "" } : undefined;
});

/** The state of the page, which is entirely in the URL. Invalid values count as missing. */
export const WebhookSearch = z.object({
  endpoint: idOf("whe"),
  result: queryText.transform((text) => DeliveryState.safeParse(text).data),
  before,
  /** The delivery whose row is open, and the endpoint whose panel is. */
  open: idOf("msg"),
  panel: idOf("whe"),
});
export type WebhookSearch = z.infer<typeof WebhookSearch>;

/** The URL of a state. */
export function addressOf(search: Partial<WebhookSearch>): string {
  const query = new URLSearchParams();
  for (const name of ["endpoint", "result", "open", "panel"] as const)
    if (search[name]) query.set(name, search[name]);
  if (search.before)
    query.set("before", `${search.before.createdAt.getTime()}.${search.before._id}`);
  return query.size === 0 ? PAGE : `${PAGE}?${query}`;
}
