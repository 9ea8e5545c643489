import { MongoServerError, MongoNetworkError } from "mongodb";
import { expect, test } from "vitest";
import { isFull, isUnreachable } from "./errors";

const serverError = (code: number) => new MongoServerError({ ok: 0, code, errmsg: "failed" });

test.each([
  [50, "MaxTimeMSExpired"],
  [64, "WriteConcernFailed"],
  [189, "PrimarySteppedDown"],
  [10107, "NotWritablePrimary"],
  [11602, "InterruptedDueToReplStateChange"],
])("a replica set without a primary is unreachable: %i %s", (code) => {
  expect(isUnreachable(serverError(code))).toBe(true);
});

test("a connection that failed is unreachable, a rejected command is not", () => {
  expect(isUnreachable(new MongoNetworkError("closed"))).toBe(true);
  expect(isUnreachable(Object.assign(new Error("closed"), { code: "ECONNRESET" }))).toBe(true);
  expect(isUnreachable(serverError(11000))).toBe(false);
  expect(isUnreachable(Object.assign(new Error("another program's code"), { code: 50 }))).toBe(
    false,
  );
});

test("a full disk is not unreachable", () => {
  expect(isFull(serverError(14031))).toBe(true);
  expect(isUnreachable(serverError(14031))).toBe(false);
});
