import { managementHeaders, responseHeaders } from "./headers";
import { json, ref, type JsonObject } from "./parts";

type ErrorText = { code: string; meaning: string; message: string; param?: string };

/** The errors of the management API, with the code and an example of each. */
const texts: Record<number, ErrorText> = {
  400: {
    code: "bad_request",
    meaning: "A field or parameter is wrong or not supported. `param` names it. Nothing changed.",
    message: "The field credits is not supported.",
    param: "credits",
  },
  401: {
    code: "invalid_key",
    meaning: "The management key is missing, mistyped, revoked or expired.",
    message:
      "This management key is not valid: it was revoked, has expired or never existed. Create one in the settings.",
  },
  403: {
    code: "forbidden",
    meaning:
      "The key is one of a project, has not the scope, does not allow this client address, the account is suspended, or it has as many projects, keys or endpoints as it may have.",
    message: 'The key has no scope "limits". Send a key that has it.',
  },
  404: {
    code: "not_found",
    meaning: "The path or the object does not exist, or belongs to another account.",
    message: "There is no such key.",
  },
  405: {
    code: "method_not_allowed",
    meaning: "The path does not take this method. The header Allow lists those that it takes.",
    message: "/v1/manage/credits takes GET, not POST.",
  },
  409: {
    code: "idempotency_key_reused",
    meaning:
      "The `Idempotency-Key` was sent with another request, or (`idempotency_key_in_use`) its request is still being served.",
    message: "This Idempotency-Key was sent with another request. Send a new one.",
  },
  412: {
    code: "precondition_failed",
    meaning: "The object was changed since its `ETag` was read. Nothing changed.",
    message: "It was changed since it was read. Read it again, then repeat the change.",
  },
  413: {
    code: "too_large",
    meaning: "The body is over 64 KiB.",
    message: "A body is at most 64 KiB.",
  },
  428: {
    code: "precondition_required",
    meaning: "An update needs `If-Match` with the `ETag` that was read. Nothing changed.",
    message:
      "An update needs If-Match with the ETag that was read, so that it changes nothing unseen.",
  },
  429: {
    code: "rate_limited",
    meaning:
      "The account sent 300 management requests in this minute, or had 10 events sent by hand. Nothing changed.",
    message: "An account may send 300 management requests a minute. Try again in 12 s.",
  },
  500: {
    code: "internal",
    meaning: "OneKey failed. Repeat a write with the same `Idempotency-Key`.",
    message: "Something failed on our side. Try again.",
  },
};

const WRITES_ONLY = new Set([409, 413]);
const UPDATES_ONLY = new Set([412, 428]);

/** The error responses of an operation, which differ for reads, writes and updates of a version. */
export function managementErrors({
  writes,
  updates,
}: {
  writes: boolean;
  updates: boolean;
}): JsonObject {
  return Object.fromEntries(
    Object.entries(texts)
      .filter(([status]) => writes || !WRITES_ONLY.has(Number(status)))
      .filter(([status]) => updates || !UPDATES_ONLY.has(Number(status)))
      .map(([status, { code, meaning, message, param = null }]) => [
        status,
        {
          description: meaning,
          headers: { ...responseHeaders, ...managementHeaders[status] },
          ...json(ref("ManagementError"), { error: { code, message, param } }),
        },
      ]),
  );
}
