import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import { errorName, log } from "@/lib/log";
import { beginWrite, endWrite, renewLease } from "@/lib/management-keys/saved-responses";
import { LEASE_MS } from "@/lib/management-keys/schema";
import type { ManagementCaller } from "./authorize";
import type { ManagementResponse } from "./operation";

const KEY_LENGTH_MAX = 255;

export const isWrite = ({ method }: Pick<Request, "method">): boolean =>
  method !== "GET" && method !== "HEAD";

/**
 * Runs a write once for its Idempotency-Key, for 24 hours: a repeat gets the same response, another body a 409. A response may
 * hold a new secret, so it is kept encrypted under the management key and the Idempotency-Key, neither of which is stored.
 * A write that is refused or fails is not kept: it may be sent again with the same key. So may one whose server died while it was
 * served, 30 seconds later: whether that server had made the change is then not known here, and it is made (again).
 */
export async function serveOnce(input: {
  request: Request;
  caller: ManagementCaller;
  text: string;
  run: () => Promise<ManagementResponse>;
}): Promise<ManagementResponse> {
  const { request, caller, text, run } = input;
  const name = request.headers.get("idempotency-key");
  if (name === null) return run();
  if (name.trim() === "" || name.length > KEY_LENGTH_MAX)
    throw new AppError("bad_request", "An Idempotency-Key has 1 to 255 characters.");
  const id = digestOf(`idempotency\n${caller.key._id}\n${name}`, env().keyPepper);
  const { pathname } = new URL(request.url);
  const content = `${request.method}\n${pathname}\n${request.headers.get("if-match") ?? ""}\n${text}`;
  const state = await beginWrite({
    id,
    accountId: caller.account._id,
    request: createHash("sha256").update(content).digest("hex"),
    now: now(),
  });
  const secret = createHash("sha256").update(`${caller.secret}\n${name}`).digest();
  switch (state.is) {
    case "done":
      try {
        return decrypt(state.response, secret);
      } catch (error) {
        throw sentWithOtherSecret(error);
      }
    case "other":
      throw new AppError(
        "bad_request",
        "This Idempotency-Key was sent with another request. Send a new one.",
        { reason: "idempotency_key_reused", status: 409 },
      );
    case "in_progress":
      throw new AppError(
        "bad_request",
        "The request with this Idempotency-Key is being served. Try again in a moment.",
        { reason: "idempotency_key_in_use", status: 409, headers: { "retry-after": "1" } },
      );
    case "first":
      return runFirst({ id, owner: state.owner, secret, run });
  }
}

/** Only the secret that sent the first request can read its response. */
const sentWithOtherSecret = (cause: unknown) =>
  new AppError(
    "bad_request",
    "This Idempotency-Key was sent with the key's secret from before its rotation. Send the request with that one, or a new Idempotency-Key.",
    { cause, reason: "idempotency_key_reused", status: 409 },
  );

async function runFirst(input: {
  id: string;
  owner: string;
  secret: Buffer;
  run: () => Promise<ManagementResponse>;
}): Promise<ManagementResponse> {
  const { id, owner, secret, run } = input;
  const renewal = setInterval(() => {
    void renewLease({ id, owner, now: now() }).catch(notSaved);
  }, LEASE_MS / 3).unref();
  try {
    const response = await run().catch(async (error: unknown) => {
      // Nothing was changed: the same key may be sent again.
      await endWrite({ id, owner, response: null }).catch(notSaved);
      throw error;
    });
    // The change was made, and its client gets to know that.
    await endWrite({ id, owner, response: encrypt(response, secret) }).catch(notSaved);
    return response;
  } finally {
    clearInterval(renewal);
  }
}

const notSaved = (error: unknown) =>
  log.error("management.response_not_saved", { error: errorName(error) });

function encrypt(response: ManagementResponse, secret: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", secret, iv);
  const bytes = [cipher.update(JSON.stringify(response), "utf8"), cipher.final()];
  return Buffer.concat([iv, cipher.getAuthTag(), ...bytes]).toString("base64");
}

function decrypt(encrypted: string, secret: Buffer): ManagementResponse {
  const bytes = Buffer.from(encrypted, "base64");
  const decipher = createDecipheriv("aes-256-gcm", secret, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  const text = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
  return JSON.parse(text.toString("utf8")) as ManagementResponse;
}
