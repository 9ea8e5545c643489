import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createManagementKey } from "@/lib/management-keys/create";
import { beginWrite, endWrite, renewLease } from "@/lib/management-keys/saved-responses";
import { LEASE_MS, SAVED_HOURS, type SavedResponse } from "@/lib/management-keys/schema";
import { serveManagement } from "./serve";

useOwnDatabase(ensureIndexes);

const MINUTE = 60_000;
const write = (id: string, now: number) =>
  beginWrite({ id, accountId: "usr_1", request: "digest", now });
const ownerOf = (state: Awaited<ReturnType<typeof write>>): string => {
  if (state.is !== "first") throw new Error(`It is ${state.is}, not first.`);
  return state.owner;
};

test("of many calls after a lease has ended, one takes the write over", async () => {
  const startedAt = Date.UTC(2027, 0, 1);
  ownerOf(await write("dead", startedAt));
  const during = await Promise.all([1, 2, 3].map(() => write("dead", startedAt + LEASE_MS - 1)));
  expect(during.map(({ is }) => is)).toEqual(["in_progress", "in_progress", "in_progress"]);
  const after = await Promise.all([1, 2, 3, 4].map(() => write("dead", startedAt + LEASE_MS)));
  expect(after.map(({ is }) => is).toSorted()).toEqual([
    "first",
    "in_progress",
    "in_progress",
    "in_progress",
  ]);
});

test("a write that takes longer than a lease stays its owner's while it renews", async () => {
  const startedAt = Date.UTC(2027, 0, 2);
  const owner = ownerOf(await write("slow", startedAt));
  for (let at = startedAt; at < startedAt + 5 * MINUTE; at += LEASE_MS / 3) {
    await renewLease({ id: "slow", owner, now: at });
    expect((await write("slow", at + LEASE_MS - 1)).is).toBe("in_progress");
  }
  await endWrite({ id: "slow", owner, response: "kept" });
  expect(await write("slow", startedAt + 10 * MINUTE)).toEqual({ is: "done", response: "kept" });
});

test("a write that was taken over can no longer be ended by its first owner", async () => {
  const startedAt = Date.UTC(2027, 0, 3);
  const firstOwner = ownerOf(await write("stalled", startedAt));
  const laterOwner = ownerOf(await write("stalled", startedAt + MINUTE));
  await endWrite({ id: "stalled", owner: firstOwner, response: null });
  expect((await write("stalled", startedAt + MINUTE)).is).toBe("in_progress");
  await renewLease({ id: "stalled", owner: firstOwner, now: startedAt + 60 * MINUTE });
  await endWrite({ id: "stalled", owner: firstOwner, response: "first" });
  await endWrite({ id: "stalled", owner: laterOwner, response: "later" });
  const dayLater = startedAt + (SAVED_HOURS - 1) * 60 * MINUTE;
  expect(await write("stalled", dayLater)).toEqual({ is: "done", response: "later" });
  expect((await write("stalled", startedAt + SAVED_HOURS * 60 * MINUTE)).is).toBe("first");
});

test("a row of an earlier version without a lease is taken over", async () => {
  const all = collection<SavedResponse>("saved_responses");
  const expires = new Date(Date.UTC(2028, 0, 1));
  await all.insertOne({ _id: "earlier", accountId: "usr_1", request: "digest", expires });
  expect((await write("earlier", Date.UTC(2027, 0, 4))).is).toBe("first");
});

test("a request whose server died is a 409 for a lease, then served", async () => {
  const { _id: accountId } = await createAccount({ email: "lease@example.com" });
  const { secret } = await createManagementKey({
    accountId,
    name: "bot",
    scopes: ["limits"],
    creator: { kind: "person", id: accountId, name: "Mira" },
  });
  const send = () =>
    serveManagement(
      new Request("http://127.0.0.1/v1/manage/limits", {
        method: "PUT",
        headers: {
          authorization: `Bearer ${secret}`,
          "idempotency-key": "deploy-7",
          "if-match": "*",
        },
        body: JSON.stringify({ credits_per_day: "5.00" }),
      }),
    );
  expect((await send()).status).toBe(200);
  // As a server leaves it that dies before it has kept the response.
  const all = collection<SavedResponse>("saved_responses");
  const lease = { owner: "dead", until: new Date(Date.now() + 5 * MINUTE) };
  await all.updateOne({ accountId }, { $set: { lease }, $unset: { response: "" } });
  const duringLease = await send();
  expect(duringLease.status).toBe(409);
  expect(duringLease.headers.get("retry-after")).toBe("1");
  await all.updateOne({ accountId }, { $set: { "lease.until": new Date(Date.now() - 1_000) } });
  const later = await send();
  expect(later.status).toBe(200);
  expect((await all.findOne({ accountId }))?.lease).toBeUndefined();
  expect(await (await send()).json()).toEqual(await later.json());
});
