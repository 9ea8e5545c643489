import { INPUTS } from "@/lib/management/input";
import type { ManagementText } from "./management-text";

const newWebhook = {
  url: "https://hooks.example.com/onekey",
  events: ["balance.low", "key.created"],
};

/** The operations of webhooks, by method and path below /v1/manage. */
export const webhookTexts: Record<string, ManagementText> = {
  "GET /webhooks": {
    operationId: "manageListWebhooks",
    scope: "read",
    summary: "List webhook endpoints",
    description: "The endpoints of the account, without their signing secrets.",
    returns: "Webhook",
    list: "complete",
  },
  "POST /webhooks": {
    operationId: "manageCreateWebhook",
    scope: "webhooks",
    summary: "Add a webhook endpoint",
    description:
      "Adds a URL that events are posted to. Its signing secret is in this response only. An account has at most 10 endpoints.",
    returns: "NewWebhook",
    status: 201,
    body: { schema: INPUTS.newWebhook, example: newWebhook },
  },
  "GET /webhooks/{webhook}": {
    operationId: "manageGetWebhook",
    scope: "read",
    summary: "Get a webhook endpoint",
    description: "One endpoint. Its `ETag` is the version of its settings that an update names.",
    returns: "Webhook",
  },
  "PATCH /webhooks/{webhook}": {
    operationId: "manageUpdateWebhook",
    scope: "webhooks",
    summary: "Change a webhook endpoint",
    description:
      "Changes the fields that are sent. What happened before the change is not posted to it. `enabled` ends the state `disabled`.",
    returns: "Webhook",
    body: { schema: INPUTS.webhookChanges, example: { events: ["payment.failed"] } },
    updates: true,
  },
  "DELETE /webhooks/{webhook}": {
    operationId: "manageDeleteWebhook",
    scope: "webhooks",
    summary: "Delete a webhook endpoint",
    description: "Deletes an endpoint with its deliveries. Nothing is posted to it any more.",
  },
  "POST /webhooks/{webhook}/rotate": {
    operationId: "manageRotateWebhookSecret",
    scope: "webhooks",
    summary: "Rotate a signing secret",
    description:
      "Gives an endpoint a new signing secret, which is in this response only. With the overlap `day`, deliveries have a signature of the old one too for 24 hours.",
    returns: "NewWebhook",
    body: { schema: INPUTS.webhookRotation, example: { overlap: "day" } },
  },
  "POST /webhooks/{webhook}/test": {
    operationId: "manageTestWebhook",
    scope: "webhooks",
    summary: "Send a test event",
    description:
      "Posts `test.ping` now and returns what came of it. At most 10 events a minute are sent by hand.",
    returns: "DeliveryAttempt",
  },
  "GET /webhook-deliveries": {
    operationId: "manageListDeliveries",
    scope: "read",
    summary: "List webhook deliveries",
    description: "Deliveries of all endpoints, newest first. They are kept for 30 days.",
    returns: "WebhookDelivery",
    list: "pages",
    query: ["webhook", "state"],
  },
  "POST /webhook-deliveries/{delivery}/replay": {
    operationId: "manageReplayDelivery",
    scope: "webhooks",
    summary: "Send a delivery again",
    description:
      "Posts a delivery again now, with the same `webhook-id`, also one that was accepted. Returns what came of it.",
    returns: "DeliveryAttempt",
  },
};
