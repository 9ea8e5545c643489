import * as clock from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { webhookEndpoints } from "./collection";
import { getEndpoint } from "./queries";
import { liveSecrets, SECRETS_MAX, type SigningSecret, type WebhookEndpoint } from "./schema";

type OwnEndpoint = { accountId: string; endpointId: string };

/** What a change of an endpoint goes by: a later change of it differs in one of these. */
export type EndpointVersion = Pick<WebhookEndpoint, "url" | "events" | "activeSince">;

/**
 * Changes where events are posted and which; returns what the endpoint was. Throws not_found, and bad_request for an endpoint that is
 * not as `expected` any more.
 */
export async function updateEndpoint(
  input: OwnEndpoint & EndpointVersion & { expected?: EndpointVersion | undefined },
): Promise<WebhookEndpoint> {
  const { accountId, endpointId, url, events, activeSince, expected: version } = input;
  const before = await webhookEndpoints.findOneAndUpdate(
    {
      _id: endpointId,
      accountId,
      ...(version && {
        url: version.url,
        events: version.events,
        activeSince: version.activeSince,
      }),
    },
    { $set: { url, events, activeSince } },
    { returnDocument: "before" },
  );
  if (before) return before;
  await getEndpoint(input);
  throw new AppError(
    "bad_request",
    "The endpoint was changed meanwhile. Read it again, then repeat the change.",
    { reason: "precondition_failed", status: 412 },
  );
}

/** Posts events to a disabled endpoint again, from now on. Throws not_found; one that is enabled stays so. */
export async function enableEndpoint({
  now = clock.now(),
  ...own
}: OwnEndpoint & { now?: number }): Promise<WebhookEndpoint> {
  const endpoint = await getEndpoint(own);
  await webhookEndpoints.updateOne(
    { _id: endpoint._id, accountId: own.accountId, disabled: { $exists: true } },
    { $set: { activeSince: new Date(now) }, $unset: { disabled: "" } },
  );
  return endpoint;
}

/**
 * Adds a signing secret. Those before it sign until `endsAt`, or until they would have ended anyway. Throws not_found, bad_request
 * for an endpoint whose secret was rotated since `expected` was read, and forbidden while SECRETS_MAX secrets sign.
 */
export async function addSecret(
  input: OwnEndpoint & { secret: SigningSecret; endsAt: Date; expected: string; now: number },
): Promise<WebhookEndpoint> {
  const { accountId, endpointId, secret, endsAt, expected: expectedSalt, now } = input;
  const endpoint = await getEndpoint(input);
  if (endpoint.secrets.at(-1)?.salt !== expectedSalt) throw rotatedMeanwhile();
  const earlier = liveSecrets(endpoint, now)
    .toReversed()
    .map((old) => ({ ...old, endsAt: old.endsAt && old.endsAt < endsAt ? old.endsAt : endsAt }))
    .filter((old) => old.endsAt.getTime() > now);
  if (earlier.length >= SECRETS_MAX)
    throw new AppError(
      "forbidden",
      `At most ${SECRETS_MAX} secrets of an endpoint sign together. Rotate it with no overlap.`,
    );
  const secrets = [...earlier, secret];
  // The newest secret changes with each rotation, so of two at the same time one is refused.
  const { matchedCount } = await webhookEndpoints.updateOne(
    { _id: endpointId, accountId, secrets: endpoint.secrets },
    { $set: { secrets } },
  );
  if (matchedCount === 0) throw rotatedMeanwhile();
  return { ...endpoint, secrets };
}

const rotatedMeanwhile = () =>
  new AppError(
    "bad_request",
    "The signing secret was changed in another window. Reload the page and try again.",
  );
