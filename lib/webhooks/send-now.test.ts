import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as clock from "@/lib/clock";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { stopDelivery } from "@/lib/webhook-deliveries/claim";
import { listEndpoints } from "@/lib/webhook-endpoints/queries";
import { ENDPOINTS_MAX } from "@/lib/webhook-endpoints/schema";
import { deliverDue } from "./deliver";
import { emitEvent } from "./emit";
import { addEndpoint, deleteEndpoint, rotateSecret } from "./endpoints";
import { RETRY_MS } from "./retry-schedule";
import { sendAgain, sendTest } from "./send-now";
import { createReceivingAccount, deliveriesOf, newEvent } from "./testing/customer";
import { startReceiver, withStatus } from "./testing/receiver";

useOwnDatabase(ensureIndexes);

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
});

const receiving = () => createReceivingAccount(receiver.url);
/** Delivers what is due so many milliseconds from now. */
const deliverIn = (ms: number) => deliverDue({ now: clock.now() + ms });

test("a test is delivered and listed, and one that fails is not repeated", async () => {
  const { accountId, endpointId, secret } = await receiving();
  expect(await sendTest({ accountId, endpointId })).toMatchObject({ status: 204 });
  const [{ body, headers } = { body: "", headers: {} }] = receiver.events;
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: "test.ping" });
  receiver.respondWith(withStatus(500));
  expect(await sendTest({ accountId, endpointId })).toMatchObject({ status: 500 });
  await deliverIn(RETRY_MS);
  expect(receiver.events).toHaveLength(2);
  expect((await deliveriesOf(accountId)).map(({ state }) => state).toSorted()).toEqual([
    "delivered",
    "failed",
  ]);
  await expect(sendTest({ accountId: "usr_other", endpointId })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("any delivery can be sent again with its id; a failure then changes nothing", async () => {
  const { accountId } = await receiving();
  await emitEvent(newEvent(accountId));
  await deliverDue();
  const [delivery] = await deliveriesOf(accountId);
  const deliveryId = delivery?._id ?? "";
  expect(await sendAgain({ accountId, deliveryId })).toMatchObject({ status: 204 });
  expect(receiver.events.map(({ headers }) => headers["webhook-id"])).toEqual([
    deliveryId,
    deliveryId,
  ]);
  receiver.respondWith(withStatus(500));
  expect(await sendAgain({ accountId, deliveryId })).toMatchObject({ status: 500 });
  expect(await deliveriesOf(accountId)).toMatchObject([{ state: "delivered", attemptCount: 3 }]);
  await deliverIn(RETRY_MS);
  expect(receiver.events).toHaveLength(3);
  await expect(sendAgain({ accountId: "usr_other", deliveryId })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a delivery that waits for its next attempt is sent again by hand, or stopped", async () => {
  const { accountId } = await receiving();
  receiver.respondWith(withStatus(500));
  await emitEvent(newEvent(accountId));
  await deliverDue();
  const [delivery] = await deliveriesOf(accountId);
  const deliveryId = delivery?._id ?? "";
  await sendAgain({ accountId, deliveryId });
  expect(await deliveriesOf(accountId)).toMatchObject([{ state: "pending", attemptCount: 2 }]);
  await expect(stopDelivery({ accountId: "usr_other", deliveryId })).rejects.toMatchObject({
    code: "not_found",
  });
  await stopDelivery({ accountId, deliveryId });
  await deliverIn(RETRY_MS / 2);
  expect(await deliveriesOf(accountId)).toMatchObject([{ state: "stopped", attemptCount: 2 }]);
});

test("what is sent by hand is limited to 10 a minute for each account", async () => {
  // In one minute, however long the test takes.
  const minute = vi.spyOn(clock, "now").mockReturnValue(Date.now());
  const { accountId, endpointId } = await receiving();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 14 }, () => sendTest({ accountId, endpointId })),
  );
  const refusals = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [(outcome.reason as { code: string }).code] : [],
  );
  expect(refusals).toEqual(Array(4).fill("rate_limited"));
  expect(receiver.events).toHaveLength(10);
  // Repeats of one delivery count as well, and another account has its own.
  const other = await receiving();
  await sendTest(other);
  const [delivery] = await deliveriesOf(other.accountId);
  const repeat = () => sendAgain({ accountId: other.accountId, deliveryId: delivery?._id ?? "" });
  for (let i = 0; i < 9; i++) await repeat();
  await expect(repeat()).rejects.toMatchObject({ code: "rate_limited" });
  minute.mockRestore();
});

test("after a rotation a delivery verifies with both secrets, or only with the new one", async () => {
  const { accountId, endpointId, endpoint, secret: oldSecret } = await receiving();
  const expected = endpoint.secrets.at(-1)?.salt ?? "";
  const rotation = { accountId, endpointId, expected };
  const { secret, endpoint: rotated } = await rotateSecret({ ...rotation, overlap: true });
  await sendTest({ accountId, endpointId });
  const verify = (key: string, index: number) => {
    const { body, headers } = receiver.events[index] ?? { body: "", headers: {} };
    return new Webhook(key).verify(body, headers);
  };
  for (const key of [oldSecret, secret]) expect(verify(key, 0)).toBeDefined();
  await expect(rotateSecret({ ...rotation, overlap: true })).rejects.toMatchObject({
    code: "bad_request",
  });
  const { secret: last } = await rotateSecret({
    ...rotation,
    expected: rotated.secrets.at(-1)?.salt ?? "",
    overlap: false,
  });
  await sendTest({ accountId, endpointId });
  for (const key of [oldSecret, secret]) expect(() => verify(key, 1)).toThrow("No matching");
  expect(verify(last, 1)).toBeDefined();
});

test("a deleted endpoint gets nothing more, and its deliveries are gone", async () => {
  const { accountId, endpointId } = await receiving();
  receiver.respondWith(withStatus(500));
  await emitEvent(newEvent(accountId));
  await deliverDue();
  await expect(deleteEndpoint({ accountId: "usr_other", endpointId })).rejects.toMatchObject({
    code: "not_found",
  });
  await deleteEndpoint({ accountId, endpointId });
  await deliverIn(RETRY_MS);
  expect(receiver.events).toHaveLength(1);
  expect(await deliveriesOf(accountId)).toEqual([]);
});

test("an account has at most 10 endpoints, however many are added together", async () => {
  const { accountId } = await receiving();
  const creator = { kind: "person", id: accountId, name: "Mira" } as const;
  const add = () =>
    addEndpoint({ accountId, url: receiver.url, events: ["payment.failed"], creator });
  await Promise.allSettled(Array.from({ length: 15 }, add));
  const endpointCount = async () => (await listEndpoints(accountId)).length;
  expect(await endpointCount()).toBeLessThanOrEqual(ENDPOINTS_MAX);
  while ((await endpointCount()) < ENDPOINTS_MAX) await add();
  await expect(add()).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    addEndpoint({ accountId, url: receiver.url, events: [], creator }),
  ).rejects.toMatchObject({ code: "bad_request", param: "events" });
});
