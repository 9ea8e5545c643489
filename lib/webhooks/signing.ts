import { createHmac, randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import {
  liveSecrets,
  type SigningSecret,
  type WebhookEndpoint,
} from "@/lib/webhook-endpoints/schema";

const PREFIX = "whsec_";

/** What a new signing secret is derived from. */
export const newSalt = (): string => randomBytes(16).toString("base64url");

/**
 * The signing secret of an endpoint: `whsec_` and 32 bytes in base64. It is derived from the server's pepper, so that a copy of
 * the database signs nothing.
 */
export function signingSecret({
  endpointId,
  salt,
}: { endpointId: string } & Pick<SigningSecret, "salt">): string {
  const digest = digestOf(`webhook secret ${endpointId} ${salt}`, env().keyPepper);
  return `${PREFIX}${Buffer.from(digest, "base64url").toString("base64")}`;
}

/**
 * The headers of one attempt at a time (epoch milliseconds), by the Standard Webhooks scheme
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md): while a rotated secret still
 * signs, there is a signature of each, the newest first.
 */
export function signedHeaders(input: {
  endpoint: Pick<WebhookEndpoint, "_id" | "secrets">;
  id: string;
  payload: string;
  now: number;
}): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  const { endpoint, id, payload, now } = input;
  const seconds = Math.floor(now / 1_000);
  const signatures = liveSecrets(endpoint, now).map(({ salt }) => {
    const secret = signingSecret({ endpointId: endpoint._id, salt });
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    const hmac = createHmac("sha256", key).update(`${id}.${seconds}.${payload}`);
    return `v1,${hmac.digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signatures.join(" "),
  };
}
