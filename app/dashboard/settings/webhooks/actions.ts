"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { stopDelivery } from "@/lib/webhook-deliveries/claim";
import { isAccepted } from "@/lib/webhook-deliveries/schema";
import { WebhookEventType, type WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { enableEndpoint } from "@/lib/webhook-endpoints/update";
import {
  addEndpoint,
  changeEndpoint,
  deleteEndpoint,
  rotateSecret,
} from "@/lib/webhooks/endpoints";
import { sendAgain, sendTest } from "@/lib/webhooks/send-now";
import { auditedByPerson, personOf } from "../../audited";
import { formAction } from "../../form-action";
import { may } from "../../may";
import { attemptText } from "./words";

const PAGE = "/dashboard/settings/webhooks";
const authorize = may("integrations:manage", PAGE);

const id = z.string().max(64);
const EndpointTarget = z.object({ endpointId: id });
const DeliveryTarget = z.object({ deliveryId: id });
const EndpointFields = z.object({
  url: z.string().catch(""),
  events: z
    .union([WebhookEventType.transform((event) => [event]), z.array(WebhookEventType)])
    .catch([]),
});
const targetOf = ({ _id, url }: Pick<WebhookEndpoint, "_id" | "url">) => ({ id: _id, name: url });
const wordsOf = (events: string[]) => events.toSorted().join(", ");

/** Adds an endpoint. The result is all that ever contains its signing secret. */
export const addEndpointAction = formAction({
  schema: EndpointFields,
  authorize,
  run: async (member, { url, events }) => {
    const { endpoint, secret } = await auditedByPerson(member, "webhook.created", async (note) => {
      const newEndpoint = await addEndpoint({
        accountId: member.account._id,
        url,
        events,
        creator: personOf(member.user),
      });
      note({
        target: targetOf(newEndpoint.endpoint),
        changes: [{ name: "Events", before: null, after: wordsOf(newEndpoint.endpoint.events) }],
      });
      return newEndpoint;
    });
    revalidatePath(PAGE);
    return { secret, host: new URL(endpoint.url).host };
  },
});

export const changeEndpointAction = formAction({
  schema: EndpointFields.extend(EndpointTarget.shape),
  authorize,
  run: async (member, { endpointId, url, events }) => {
    await auditedByPerson(member, "webhook.changed", async (note) => {
      const change = { accountId: member.account._id, endpointId, url, events };
      const { before, after } = await changeEndpoint(change);
      const differences = [
        { name: "URL", before: before.url, after: after.url },
        { name: "Events", before: wordsOf(before.events), after: wordsOf(after.events) },
      ];
      const changes = differences.filter((difference) => difference.before !== difference.after);
      note({ target: targetOf(after), changes });
    });
    revalidatePath(PAGE);
    return {};
  },
});

export const enableEndpointAction = formAction({
  schema: EndpointTarget,
  authorize,
  run: async (member, { endpointId }) => {
    await auditedByPerson(member, "webhook.changed", async (note) => {
      const endpoint = await enableEndpoint({ accountId: member.account._id, endpointId });
      const changes = [{ name: "State", before: "disabled", after: "enabled" }];
      note({ target: targetOf(endpoint), changes });
    });
    revalidatePath(PAGE);
    return {};
  },
});

/** Gives an endpoint a new signing secret; the result is all that ever contains it. */
export const rotateSecretAction = formAction({
  schema: EndpointTarget.extend({ expected: id, overlap: z.enum(["none", "day"]) }),
  authorize,
  run: async (member, { endpointId, expected, overlap }) => {
    const { endpoint, secret } = await auditedByPerson(
      member,
      "webhook.secret_rotated",
      async (note) => {
        const rotation = {
          accountId: member.account._id,
          endpointId,
          expected,
          overlap: overlap === "day",
        };
        const newEndpoint = await rotateSecret(rotation);
        const after = overlap === "day" ? "for 24 hours" : "until now";
        const changes = [{ name: "The old secret signs", before: null, after }];
        note({ target: targetOf(newEndpoint.endpoint), changes });
        return newEndpoint;
      },
    );
    revalidatePath(PAGE);
    return { secret, host: new URL(endpoint.url).host };
  },
});

export const deleteEndpointAction = formAction({
  schema: EndpointTarget,
  authorize,
  run: async (member, { endpointId }) => {
    await auditedByPerson(member, "webhook.deleted", async (note) =>
      note({
        target: targetOf(await deleteEndpoint({ accountId: member.account._id, endpointId })),
      }),
    );
    revalidatePath(PAGE);
    return {};
  },
});

/** Posts `test.ping` now and says what came of it. */
export const sendTestAction = formAction({
  schema: EndpointTarget,
  authorize,
  run: async ({ account: { _id: accountId } }, { endpointId }) => {
    const attempt = await sendTest({ accountId, endpointId });
    revalidatePath(PAGE);
    return { text: attemptText(attempt), isAccepted: isAccepted(attempt) };
  },
});

export const sendAgainAction = formAction({
  schema: DeliveryTarget,
  authorize,
  run: async ({ account: { _id: accountId } }, { deliveryId }) => {
    const attempt = await sendAgain({ accountId, deliveryId });
    revalidatePath(PAGE);
    return { text: attemptText(attempt), isAccepted: isAccepted(attempt) };
  },
});

export const stopDeliveryAction = formAction({
  schema: DeliveryTarget,
  authorize,
  run: async ({ account: { _id: accountId } }, { deliveryId }) => {
    await stopDelivery({ accountId, deliveryId });
    revalidatePath(PAGE);
    return {};
  },
});
