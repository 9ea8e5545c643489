import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import type { Creator } from "@/lib/keys/schema";
import { dropDeliveries } from "@/lib/webhook-deliveries/record";
import { createEndpoint } from "@/lib/webhook-endpoints/create";
import { removeEndpoint } from "@/lib/webhook-endpoints/remove";
import { addSecret, updateEndpoint, type EndpointVersion } from "@/lib/webhook-endpoints/update";
import type { WebhookEndpoint, WebhookEventType } from "@/lib/webhook-endpoints/schema";
import { newSalt, signingSecret } from "./signing";
import { checkTarget, parseTarget, type ResolveHost } from "./target";

/** An endpoint and its signing secret, which is readable only here. */
export type IssuedEndpoint = { endpoint: WebhookEndpoint; secret: string };

/** How long the old secret of a rotated endpoint signs too. */
export const SECRET_OVERLAP_MS = 24 * 3_600_000;

/**
 * Adds an endpoint to an account. Throws bad_request for a URL that events are not posted to or for no event, and forbidden where
 * the account has as many endpoints as it may.
 */
export async function addEndpoint(input: {
  accountId: string;
  url: string;
  events: WebhookEventType[];
  creator: Creator;
  resolve?: ResolveHost;
  now?: number;
}): Promise<IssuedEndpoint> {
  const { accountId, creator, resolve, now = clock.now() } = input;
  const url = await checkedUrl(input.url, resolve);
  const endpoint: WebhookEndpoint = {
    _id: newId("whe"),
    accountId,
    url,
    events: checkedEvents(input.events),
    secrets: [{ salt: newSalt(), createdAt: new Date(now) }],
    createdAt: new Date(now),
    activeSince: new Date(now),
    creator,
  };
  await createEndpoint(endpoint);
  return issued(endpoint);
}

/** Changes the URL and the events of an endpoint; returns it as it was and as it is. Throws as `addEndpoint` does, and not_found. */
export async function changeEndpoint(input: {
  accountId: string;
  endpointId: string;
  url: string;
  events: WebhookEventType[];
  /** The endpoint as the caller read it: after another change, nothing is changed. */
  expected?: EndpointVersion;
  resolve?: ResolveHost;
}): Promise<{ before: WebhookEndpoint; after: WebhookEndpoint }> {
  const { accountId, endpointId, expected: version, resolve } = input;
  const url = await checkedUrl(input.url, resolve);
  const events = checkedEvents(input.events);
  const activeSince = new Date(clock.now());
  const change = { accountId, endpointId, url, events, activeSince };
  const before = await updateEndpoint({ ...change, expected: version });
  return { before, after: { ...before, url, events, activeSince } };
}

/**
 * Gives an endpoint a new signing secret. With `overlap`, deliveries have a signature of the old one too for SECRET_OVERLAP_MS.
 * Throws not_found, and bad_request for one that was rotated since `expected`, the salt that was seen last.
 */
export async function rotateSecret(input: {
  accountId: string;
  endpointId: string;
  expected: string;
  overlap: boolean;
  now?: number;
}): Promise<IssuedEndpoint> {
  const { overlap: hasOverlap, now = clock.now(), ...endpoint } = input;
  const secret = { salt: newSalt(), createdAt: new Date(now) };
  const endsAt = new Date(hasOverlap ? now + SECRET_OVERLAP_MS : now);
  return issued(await addSecret({ ...endpoint, secret, endsAt, now }));
}

/** Deletes an endpoint with its deliveries. Throws not_found. */
export async function deleteEndpoint(input: {
  accountId: string;
  endpointId: string;
}): Promise<WebhookEndpoint> {
  const endpoint = await removeEndpoint(input);
  await dropDeliveries(endpoint._id);
  return endpoint;
}

function issued(endpoint: WebhookEndpoint): IssuedEndpoint {
  const salt = endpoint.secrets.at(-1)?.salt ?? "";
  return { endpoint, secret: signingSecret({ endpointId: endpoint._id, salt }) };
}

async function checkedUrl(input: string, resolve: ResolveHost | undefined): Promise<string> {
  const url = parseTarget(input);
  await checkTarget(url, resolve);
  return url.href;
}

function checkedEvents(events: WebhookEventType[]): WebhookEventType[] {
  if (events.length > 0) return [...new Set(events)];
  throw new AppError("bad_request", "Choose at least one event.", { param: "events" });
}
