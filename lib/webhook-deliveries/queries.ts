import type { Filter } from "mongodb";
import { webhookDeliveries } from "./collection";
import type { DeliveryState, WebhookDelivery } from "./schema";

/** Deliveries that are due, the longest waiting first, but for those of some accounts and endpoints. */
export async function listDue(input: {
  now: number;
  except: { accountIds: string[]; endpointIds: string[] };
  limit: number;
}): Promise<WebhookDelivery[]> {
  const { now, except, limit } = input;
  return webhookDeliveries
    .find({
      nextAt: { $lte: new Date(now) },
      accountId: { $nin: except.accountIds },
      endpointId: { $nin: except.endpointIds },
    })
    .sort({ nextAt: 1 })
    .limit(limit)
    .toArray();
}

export async function findDelivery(deliveryId: string): Promise<WebhookDelivery | null> {
  return webhookDeliveries.findOne({ _id: deliveryId });
}

/** Where a page ends: the delivery that the next one begins after. */
export type DeliveryCursor = Pick<WebhookDelivery, "_id" | "createdAt">;

/** Deliveries of an account, the newest first, older than `before`. */
export async function listDeliveries(input: {
  accountId: string;
  endpointId?: string | undefined;
  state?: DeliveryState | undefined;
  /** Types that are left out. */
  hiddenTypes?: WebhookDelivery["type"][] | undefined;
  before?: DeliveryCursor | undefined;
  limit: number;
}): Promise<WebhookDelivery[]> {
  const { accountId, endpointId, state, hiddenTypes = [], before, limit } = input;
  const older = before
    ? {
        $or: [
          { createdAt: { $lt: before.createdAt } },
          { createdAt: before.createdAt, _id: { $lt: before._id } },
        ],
      }
    : {};
  return webhookDeliveries
    .find({
      accountId,
      ...(endpointId === undefined ? {} : { endpointId }),
      ...(state === undefined ? {} : { state }),
      ...(hiddenTypes.length === 0 ? {} : { type: { $nin: hiddenTypes } }),
      ...older,
    } as Filter<WebhookDelivery>)
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit)
    .toArray();
}

/** The deliveries of an endpoint since a time, for its figures; at most `limit`, the newest. */
export async function listRecent(input: {
  endpointId: string;
  since: Date;
  limit: number;
}): Promise<WebhookDelivery[]> {
  const { endpointId, since, limit } = input;
  return webhookDeliveries
    .find({ endpointId, createdAt: { $gte: since } })
    .sort({ createdAt: -1 })
    .limit(limit)
    .toArray();
}
