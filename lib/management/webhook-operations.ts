import { AppError } from "@/lib/errors";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { DeliveryState } from "@/lib/webhook-deliveries/schema";
import { getEndpoint, listEndpoints } from "@/lib/webhook-endpoints/queries";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { enableEndpoint } from "@/lib/webhook-endpoints/update";
import {
  addEndpoint,
  changeEndpoint,
  deleteEndpoint,
  rotateSecret,
} from "@/lib/webhooks/endpoints";
import { sendAgain, sendTest } from "@/lib/webhooks/send-now";
import { changeBy, etagOf, requireMatch } from "./change";
import { cursorOf, cursorText, INPUTS, pageOf, parseInput } from "./input";
import type { ManagementContext, ManagementOperation, ManagementResponse } from "./operation";
import { attemptView, deliveryView, webhookView } from "./views";

/** The endpoint that the path names. Another account's is the same 404 as a missing one. */
const endpointOf = ({ caller, params }: ManagementContext): Promise<WebhookEndpoint> =>
  getEndpoint({ accountId: caller.account._id, endpointId: params[0] ?? "" });

/** What an update names: the settings, without what deliveries change. */
const versionOf = ({ url, events, activeSince, disabled }: WebhookEndpoint) => ({
  url,
  events,
  activeSince,
  isDisabled: disabled !== undefined,
});

const targetOf = ({ _id, url }: WebhookEndpoint) => ({ id: _id, name: url });
const wordsOf = (events: string[]) => events.toSorted().join(", ");

const endpointResponse = (endpoint: WebhookEndpoint, fields: object = {}) => ({
  body: { ...webhookView(endpoint), ...fields },
  etag: etagOf(versionOf(endpoint)),
});

/** The state of deliveries that a query asks for; undefined for any. */
function stateOf(query: URLSearchParams): DeliveryState | undefined {
  const state = query.get("state");
  if (state === null) return undefined;
  const result = DeliveryState.safeParse(state);
  if (result.success) return result.data;
  const names = DeliveryState.options.join(", ");
  throw new AppError("bad_request", `state is one of ${names}.`, { param: "state" });
}

async function change(context: ManagementContext): Promise<ManagementResponse> {
  const { caller, body, ifMatch } = context;
  const endpoint = await endpointOf(context);
  const {
    url = endpoint.url,
    events = endpoint.events,
    enabled: isEnabled,
  } = parseInput(INPUTS.webhookChanges, body);
  requireMatch(ifMatch, versionOf(endpoint));
  const target = { accountId: caller.account._id, endpointId: endpoint._id };
  await changeBy(caller, "webhook.changed", async (note) => {
    const { before, after } = await changeEndpoint({ ...target, url, events, expected: endpoint });
    const enables = isEnabled === true && before.disabled !== undefined;
    if (enables) await enableEndpoint(target);
    const differences = [
      { name: "URL", before: before.url, after: after.url },
      { name: "Events", before: wordsOf(before.events), after: wordsOf(after.events) },
      ...(enables ? [{ name: "State", before: "disabled", after: "enabled" }] : []),
    ];
    const changes = differences.filter((difference) => difference.before !== difference.after);
    note({ target: targetOf(after), changes });
  });
  return { status: 200, ...endpointResponse(await endpointOf(context)) };
}

export const webhookOperations: ManagementOperation[] = [
  {
    method: "GET",
    path: "/webhooks",
    scope: "read",
    run: async ({ caller }) => {
      const endpoints = await listEndpoints(caller.account._id);
      return { status: 200, body: { data: endpoints.map(webhookView) } };
    },
  },
  {
    method: "POST",
    path: "/webhooks",
    scope: "webhooks",
    run: async ({ caller, body }) => {
      const { account, key } = caller;
      const { url, events } = parseInput(INPUTS.newWebhook, body);
      const { endpoint, secret } = await changeBy(caller, "webhook.created", async (note) => {
        const creator = { kind: "management_key", id: key._id, name: key.name } as const;
        const newSecret = await addEndpoint({ accountId: account._id, url, events, creator });
        const changes = [
          { name: "Events", before: null, after: wordsOf(newSecret.endpoint.events) },
        ];
        note({ target: targetOf(newSecret.endpoint), changes });
        return newSecret;
      });
      return { status: 201, ...endpointResponse(endpoint, { secret }) };
    },
  },
  {
    method: "GET",
    path: "/webhooks/{webhook}",
    scope: "read",
    run: async (context) => ({ status: 200, ...endpointResponse(await endpointOf(context)) }),
  },
  { method: "PATCH", path: "/webhooks/{webhook}", scope: "webhooks", run: change },
  {
    method: "DELETE",
    path: "/webhooks/{webhook}",
    scope: "webhooks",
    run: async ({ caller, params }) => {
      const target = { accountId: caller.account._id, endpointId: params[0] ?? "" };
      await changeBy(caller, "webhook.deleted", async (note) =>
        note({ target: targetOf(await deleteEndpoint(target)) }),
      );
      return { status: 204 };
    },
  },
  {
    method: "POST",
    path: "/webhooks/{webhook}/rotate",
    scope: "webhooks",
    run: async (context) => {
      const { caller, body } = context;
      const { overlap } = parseInput(INPUTS.webhookRotation, body);
      const { _id: endpointId, accountId, secrets } = await endpointOf(context);
      const { endpoint, secret } = await changeBy(
        caller,
        "webhook.secret_rotated",
        async (note) => {
          const newSecret = await rotateSecret({
            accountId,
            endpointId,
            expected: secrets.at(-1)?.salt ?? "",
            overlap: overlap === "day",
          });
          const after = overlap === "day" ? "for 24 hours" : "until now";
          const changes = [{ name: "The old secret signs", before: null, after }];
          note({ target: targetOf(newSecret.endpoint), changes });
          return newSecret;
        },
      );
      return { status: 200, ...endpointResponse(endpoint, { secret }) };
    },
  },
  {
    method: "POST",
    path: "/webhooks/{webhook}/test",
    scope: "webhooks",
    run: async ({ caller, params }) => {
      const target = { accountId: caller.account._id, endpointId: params[0] ?? "" };
      return { status: 200, body: attemptView(await sendTest(target)) };
    },
  },
  {
    method: "GET",
    path: "/webhook-deliveries",
    scope: "read",
    run: async ({ caller: { account }, query }) => {
      const { limit, after } = pageOf(query);
      const cursor = cursorOf(after);
      const deliveries = await listDeliveries({
        accountId: account._id,
        endpointId: query.get("webhook") ?? undefined,
        state: stateOf(query),
        before: cursor && { createdAt: cursor.at, _id: cursor._id },
        limit: limit + 1,
      });
      const page = deliveries.slice(0, limit);
      const last = page.at(-1);
      const hasMore = deliveries.length > limit && last !== undefined;
      const next = hasMore ? cursorText({ at: last.createdAt, _id: last._id }) : null;
      return { status: 200, body: { data: page.map(deliveryView), next } };
    },
  },
  {
    method: "POST",
    path: "/webhook-deliveries/{delivery}/replay",
    scope: "webhooks",
    run: async ({ caller, params }) => {
      const target = { accountId: caller.account._id, deliveryId: params[0] ?? "" };
      return { status: 200, body: attemptView(await sendAgain(target)) };
    },
  },
];
