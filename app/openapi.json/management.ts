import { z } from "zod";
import { PAGE_MAX } from "@/lib/management/input";
import { RETENTION_DAYS } from "@/lib/usage/schema";
import { DeliveryState } from "@/lib/webhook-deliveries/schema";
import { etagHeader, responseHeaders } from "./headers";
import { managementErrors } from "./management-errors";
import { managementExamples } from "./management-examples";
import type { ManagementText } from "./management-text";
import { managementTexts } from "./management-texts";
import { json, list, pathParameter, queryParameter, ref, type JsonObject } from "./parts";

/** How a management key is sent. */
export const managementScheme: JsonObject = {
  type: "http",
  scheme: "bearer",
  description:
    "A management key (`sk-onekey-mgmt-…`) of the settings page, with the scopes that it was given: read, keys, limits, members, webhooks. It cannot call models, and a project key cannot manage.",
};

const pathParameters: Record<string, JsonObject> = {
  project: pathParameter("project", "Id of a project, `prj_…`."),
  key: pathParameter("key", "Id of a key, `key_…`."),
  member: pathParameter("member", "Id of a member, `usr_…`."),
  invitation: pathParameter("invitation", "Id of an invitation, `inv_…`."),
  webhook: pathParameter("webhook", "Id of a webhook endpoint, `whe_…`."),
  delivery: pathParameter("delivery", "Id of a delivery, `msg_…`."),
};

const queryParameters = {
  days: queryParameter("days", "The last UTC days to include, today among them.", {
    type: "integer",
    minimum: 1,
    maximum: RETENTION_DAYS,
    default: 30,
  }),
  project: queryParameter("project", "Only rows of this project.", { type: "string" }),
  webhook: queryParameter("webhook", "Only deliveries to this endpoint.", { type: "string" }),
  state: queryParameter("state", "Only deliveries in this state.", {
    type: "string",
    enum: DeliveryState.options,
  }),
};

const pageParameters = [
  queryParameter("limit", "Entries in a page.", {
    type: "integer",
    minimum: 1,
    maximum: PAGE_MAX,
    default: 50,
  }),
  queryParameter("after", "The `next` of the page before.", { type: "string" }),
];

const ifMatch: JsonObject = {
  name: "If-Match",
  in: "header",
  required: true,
  description:
    "The `ETag` of the version that was read; `*` for any version. If it was changed since, nothing is changed.",
  schema: { type: "string" },
  example: "*",
};

const idempotencyKey: JsonObject = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "1 to 255 characters that name this write. For 24 hours a repeat gets the same response and changes nothing more.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

/** The paths of the management API. */
export function managementPaths(): Record<string, JsonObject> {
  const paths: Record<string, JsonObject> = {};
  for (const [target, text] of Object.entries(managementTexts)) {
    const [method = "", path = ""] = target.split(" ");
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
    const parameters = names.map((name) => pathParameters[name]);
    paths[`/v1/manage${path}`] = {
      ...(parameters.length > 0 ? { parameters } : {}),
      ...paths[`/v1/manage${path}`],
      [method.toLowerCase()]: operationOf(method, text),
    };
  }
  return paths;
}

function operationOf(method: string, text: ManagementText): JsonObject {
  const { operationId, scope, summary, description, body, query = [], updates = false } = text;
  const writes = method !== "GET";
  const parameters = [
    ...query.map((name) => queryParameters[name]),
    ...(text.list === "pages" ? pageParameters : []),
    ...(updates ? [ifMatch] : []),
    ...(writes ? [idempotencyKey] : []),
  ];
  return {
    operationId,
    tags: ["Management"],
    security: [{ managementKey: [scope] }],
    summary,
    description: `${description} Scope: \`${scope}\`.`,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: requestBody(body) } : {}),
    responses: {
      [String(text.returns ? (text.status ?? 200) : 204)]: success(text),
      ...managementErrors({ writes, updates }),
    },
  };
}

function requestBody({ schema, example }: NonNullable<ManagementText["body"]>): JsonObject {
  const { $schema: _, ...bodySchema } = z.toJSONSchema(schema, { io: "input" });
  return { required: true, ...json(bodySchema, example) };
}

/** Responses about one object that have no `ETag`. */
const NO_VERSION = new Set([
  "manageGetCredits",
  "manageInvite",
  "manageTestWebhook",
  "manageReplayDelivery",
]);

function success({ summary, returns, list: kind, operationId }: ManagementText): JsonObject {
  if (!returns) return { description: "Done. There is no body.", headers: responseHeaders };
  const value = managementExamples[returns];
  if (kind === undefined) {
    const headers = NO_VERSION.has(operationId) ? {} : etagHeader;
    const response = { description: summary, headers: { ...responseHeaders, ...headers } };
    return { ...response, ...json(ref(returns), value) };
  }
  const next = {
    type: ["string", "null"],
    description: "The cursor of the next page, for `after`; null on the last page.",
  };
  const response = { description: summary, headers: responseHeaders };
  return kind === "pages"
    ? { ...response, ...json(list(returns, { next }), { data: [value], next: null }) }
    : { ...response, ...json(list(returns), { data: [value] }) };
}
