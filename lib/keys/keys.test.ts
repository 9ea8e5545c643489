// Longer than 300 lines: what several keys of a project may and may not do, over shared customers.
import { expect, test } from "vitest";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { createAccount } from "@/lib/accounts/create";
import { placeHold } from "@/lib/accounts/hold";
import { createProject, deleteProject } from "@/lib/accounts/projects";
import { findById } from "@/lib/accounts/queries";
import { KEYS_MAX, type Account } from "@/lib/accounts/schema";
import { lift, suspend } from "@/lib/accounts/suspend";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createKey, type NewKey } from "./create";
import { endExpiredKeys } from "./end-expired";
import { markUsed } from "./mark-used";
import { getKey, listKeys } from "./queries";
import { endOverlap, revokeKey } from "./revoke";
import { rotateKey } from "./rotate";
import type { ApiKey } from "./schema";
import { updateKey } from "./update";

useOwnDatabase(ensureIndexes);

const HOUR = 3_600_000;
let count = 0;

async function customer() {
  const { _id: accountId, projects } = await createAccount({ email: `k${++count}@example.com` });
  const projectId = projects[0]?.id ?? "";
  const all = collection<Account>("accounts");
  await all.updateOne(
    { _id: accountId },
    { $set: { credits: 1e9, posted: 1e9, "free.requests": 0 } },
  );
  return { accountId, projectId };
}

const issue = (details: Pick<NewKey, "accountId" | "projectId"> & Partial<NewKey>) =>
  createKey({ name: `key ${++count}`, ...details });

/** Places a hold as a request with that secret would. */
const hold = (
  secret: string,
  { model = "gpt-4o-mini", address = "127.0.0.1", now = Date.now() } = {},
) =>
  placeHold({
    requestId: `req_k${++count}`,
    digest: digestOf(secret, env().keyPepper),
    model,
    address,
    endpoint: "chat",
    maxCost: 10,
    expectedCost: 10,
    by: "ins_1",
    now,
  });
const INVALID = { code: "invalid_key" };

test("a project has several keys, each with its name, creator and holds", async () => {
  const owner = await customer();
  const creator = { kind: "person", id: owner.accountId, name: "Mira" } as const;
  const first = await issue({ ...owner, name: "production", creator });
  const second = await issue({ ...owner, name: "staging" });
  expect((await hold(first.secret)).hold).toMatchObject({ keyId: first.key._id });
  expect((await hold(second.secret)).hold).toMatchObject({ keyId: second.key._id });
  const account = await findById(owner.accountId);
  if (!account) throw new Error("The account is missing.");
  const states = await listKeys({ account });
  expect(states.map(({ key, live }) => [key.name, key.creator?.name, live.length])).toEqual(
    expect.arrayContaining([
      ["production", "Mira", 1],
      ["staging", undefined, 1],
    ]),
  );
  const storedText = JSON.stringify([account, states]);
  for (const { secret } of [first, second]) expect(storedText).not.toContain(secret);
});

test.each([
  ["", "Give the key a name."],
  ["x".repeat(65), "A name has at most 64 characters."],
  ["two\nlines", "A name is one line of plain text."],
])("the name %j is refused and nothing is created", async (name, message) => {
  const owner = await customer();
  await expect(issue({ ...owner, name })).rejects.toMatchObject({ code: "bad_request", message });
  expect((await findById(owner.accountId))?.keys).toBeUndefined();
});

test("two live keys of a project do not share a name; a revoked one frees it", async () => {
  const owner = await customer();
  const { key } = await issue({ ...owner, name: "ci" });
  await expect(issue({ ...owner, name: " ci " })).rejects.toMatchObject({ param: "name" });
  await revokeKey({ accountId: owner.accountId, keyId: key._id });
  await issue({ ...owner, name: "ci" });
});

test("an account has at most 200 keys in use, however many are created together", async () => {
  const owner = await customer();
  const all = collection<Account>("accounts");
  const digests = Array.from({ length: KEYS_MAX - 5 }, (_, i) => `digest-${owner.accountId}-${i}`);
  await all.updateOne({ _id: owner.accountId }, { $set: { keys: digests } });
  const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => issue(owner)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  expect((await findById(owner.accountId))?.keys).toHaveLength(KEYS_MAX);
  expect(await collection<ApiKey>("keys").countDocuments(owner)).toBe(5);
});

test("a rotated key works with both secrets, then with the new one only", async () => {
  const owner = await customer();
  const { key, secret: oldSecret } = await issue(owner);
  const now = Date.now();
  const target = { accountId: owner.accountId, keyId: key._id };
  const { secret } = await rotateKey({ ...target, overlap: "hour", now });
  for (const secretText of [oldSecret, secret])
    expect((await hold(secretText, { now: now + HOUR - 1 })).hold.keyId).toBe(key._id);
  await expect(hold(oldSecret, { now: now + HOUR })).rejects.toMatchObject(INVALID);
  await hold(secret, { now: now + HOUR });
});

test("an overlap of none, and its end, refuse the old secret from the next request on", async () => {
  const owner = await customer();
  const { key, secret: first } = await issue(owner);
  const target = { accountId: owner.accountId, keyId: key._id };
  await hold(first);
  const { secret: second } = await rotateKey({ ...target, overlap: "none" });
  await expect(hold(first)).rejects.toMatchObject(INVALID);
  const { secret: third } = await rotateKey({ ...target, overlap: "week" });
  await hold(second);
  await endOverlap(target);
  await expect(hold(second)).rejects.toMatchObject(INVALID);
  await hold(third);
  const account = await findById(owner.accountId);
  expect(account?.expiries).toBeUndefined();
  expect(account?.keys).toHaveLength(1);
});

test("a rotation does not prolong a key that expires, and needs the key that was seen", async () => {
  const owner = await customer();
  const now = Date.now();
  const { key } = await issue({ ...owner, expiresAt: new Date(now + HOUR) });
  const target = { accountId: owner.accountId, keyId: key._id };
  await expect(
    rotateKey({ ...target, overlap: "day", expected: "sk-onekey-AbCd…wxyz" }),
  ).rejects.toMatchObject({ code: "bad_request" });
  const { secret } = await rotateKey({ ...target, overlap: "day", now });
  const account = await findById(owner.accountId);
  expect(account?.expiries?.map(({ at }) => at)).toEqual([now + HOUR, now + HOUR]);
  await expect(hold(secret, { now: now + HOUR })).rejects.toMatchObject(INVALID);
});

test("an expired key is refused without a sweep, and no longer counts after one", async () => {
  const owner = await customer();
  const now = Date.now();
  const { secret, key } = await issue({ ...owner, expiresAt: new Date(now + 1_000) });
  const staying = await issue(owner);
  await hold(secret, { now });
  await expect(hold(secret, { now: now + 1_000 })).rejects.toMatchObject(INVALID);
  expect((await findById(owner.accountId))?.keys).toHaveLength(2);
  await endExpiredKeys(now + 1_000);
  const account = await findById(owner.accountId);
  expect(account?.keys).toHaveLength(1);
  expect(account?.expiries).toBeUndefined();
  if (account) expect((await getKey({ account, keyId: key._id })).live).toEqual([]);
  await hold(staying.secret, { now: now + 1_000 });
});

test("an end that another server moved is gone by with the next hold", async () => {
  const owner = await customer();
  const now = Date.now();
  const { secret } = await issue({ ...owner, expiresAt: new Date(now + HOUR) });
  await hold(secret, { now });
  // As the other server writes it: this process has the former end in its memory.
  await collection<Account>("accounts").updateOne(
    { _id: owner.accountId },
    { $set: { "expiries.0.at": now - 1 }, $inc: { rulesVersion: 1 } },
  );
  await expect(hold(secret, { now })).rejects.toMatchObject(INVALID);
});

test("every change of an end raises the version that a hold names", async () => {
  const owner = await customer();
  const now = Date.now();
  const stateOf = async () => {
    const { expiries, rulesVersion } = (await findById(owner.accountId)) ?? {};
    return { expiries: JSON.stringify(expiries), version: rulesVersion ?? 0 };
  };
  const { key } = await issue({ ...owner, expiresAt: new Date(now + HOUR) });
  const target = { accountId: owner.accountId, keyId: key._id };
  const changes = [
    () => rotateKey({ ...target, overlap: "hour", now }),
    () => updateKey({ ...target, changes: { expiresAt: new Date(now + 2 * HOUR) }, now }),
    () => endOverlap({ ...target, now }),
    () => updateKey({ ...target, changes: { expiresAt: null }, now }),
    () => updateKey({ ...target, changes: { expiresAt: new Date(now + HOUR) }, now }),
    () => endExpiredKeys(now + HOUR),
    () => issue({ ...owner, expiresAt: new Date(now + 2 * HOUR) }),
  ];
  for (const change of changes) {
    const before = await stateOf();
    await change();
    const after = await stateOf();
    expect(after.expiries).not.toBe(before.expiries);
    expect(after.version).toBeGreaterThan(before.version);
  }
});

test.each([[new Date(0)], [new Date(Number.NaN)], [new Date(Date.now() + 1e13)]])(
  "the expiry %s is refused",
  async (expiresAt) => {
    const owner = await customer();
    await expect(issue({ ...owner, expiresAt })).rejects.toMatchObject({ param: "expiresAt" });
  },
);

test("models and addresses of a key narrow those of its project from the next request on", async () => {
  const owner = await customer();
  const { key, secret } = await issue(owner);
  await hold(secret, { model: "gpt-4o", address: "198.51.100.7" });
  const target = { accountId: owner.accountId, keyId: key._id };
  await updateKey({
    ...target,
    changes: { models: ["gpt-4o-mini"], addresses: ["203.0.113.0/24"] },
  });
  await expect(hold(secret, { model: "gpt-4o", address: "203.0.113.9" })).rejects.toMatchObject({
    code: "forbidden",
    param: "model",
  });
  await expect(hold(secret, { address: "198.51.100.7" })).rejects.toMatchObject({
    code: "forbidden",
    message: expect.stringContaining("198.51.100.7"),
  });
  await hold(secret, { address: "203.0.113.9" });
  await updateKey({ ...target, changes: { models: null, addresses: null } });
  await hold(secret, { model: "gpt-4o", address: "198.51.100.7" });
});

test("a new expiry holds for all secrets of a key; none removes it", async () => {
  const owner = await customer();
  const now = Date.now();
  const { key, secret: oldSecret } = await issue(owner);
  const target = { accountId: owner.accountId, keyId: key._id };
  const { secret } = await rotateKey({ ...target, overlap: "day", now });
  await updateKey({ ...target, changes: { expiresAt: new Date(now + HOUR) }, now });
  for (const secretText of [oldSecret, secret])
    await expect(hold(secretText, { now: now + HOUR })).rejects.toMatchObject(INVALID);
  await updateKey({ ...target, changes: { expiresAt: null }, now });
  await hold(secret, { now: now + 10 * 24 * HOUR });
  await expect(hold(oldSecret, { now: now + 24 * HOUR })).rejects.toMatchObject(INVALID);
});

test("changes by two windows: the one that has not seen the other is refused", async () => {
  const owner = await customer();
  const { key } = await issue(owner);
  const target = { accountId: owner.accountId, keyId: key._id, version: key.version };
  await updateKey({ ...target, changes: { name: "first" } });
  await expect(updateKey({ ...target, changes: { name: "second" } })).rejects.toMatchObject({
    reason: "changed_meanwhile",
  });
});

test("another account's key is missing, to every verb", async () => {
  const [theirs, owner] = [await customer(), await customer()];
  const { key, secret } = await issue(theirs);
  const target = { accountId: owner.accountId, keyId: key._id };
  const missing = { code: "not_found", message: "There is no such key." };
  await expect(revokeKey(target)).rejects.toMatchObject(missing);
  await expect(endOverlap(target)).rejects.toMatchObject(missing);
  await expect(rotateKey({ ...target, overlap: "none" })).rejects.toMatchObject(missing);
  await expect(updateKey({ ...target, changes: { name: "x" } })).rejects.toMatchObject(missing);
  await expect(issue({ ...owner, projectId: theirs.projectId })).rejects.toMatchObject({
    code: "not_found",
  });
  await hold(secret);
});

test("a suspended account's keys come back with the lift, but for those revoked meanwhile", async () => {
  const owner = await customer();
  const [keptKey, revokedKey] = [await issue(owner), await issue(owner)];
  await suspend({ accountId: owner.accountId, digests: [] });
  for (const { secret } of [keptKey, revokedKey])
    await expect(hold(secret)).rejects.toMatchObject(INVALID);
  await expect(issue(owner)).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    rotateKey({ accountId: owner.accountId, keyId: keptKey.key._id, overlap: "none" }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await revokeKey({ accountId: owner.accountId, keyId: revokedKey.key._id });
  await lift({ accountId: owner.accountId });
  await hold(keptKey.secret);
  await expect(hold(revokedKey.secret)).rejects.toMatchObject(INVALID);
});

test("a deleted project takes its keys along and no others", async () => {
  const owner = await customer();
  const otherProject = await createProject({ accountId: owner.accountId, name: "other" });
  const [first, second, third] = [
    await issue(owner),
    await issue(owner),
    await issue({ ...owner, projectId: otherProject.id }),
  ];
  await deleteProject(owner);
  for (const { secret } of [first, second])
    await expect(hold(secret)).rejects.toMatchObject(INVALID);
  await hold(third.secret);
});

test("creating, rotating and revoking at the same time loses no change", async () => {
  const owner = await customer();
  const start = await Promise.all(Array.from({ length: 6 }, () => issue(owner)));
  const keyIds: string[] = [];
  await Promise.all([
    ...start
      .slice(0, 3)
      .map(({ key }) => revokeKey({ accountId: owner.accountId, keyId: key._id })),
    ...start
      .slice(3)
      .map(async ({ key }) =>
        keyIds.push(
          (await rotateKey({ accountId: owner.accountId, keyId: key._id, overlap: "none" })).secret,
        ),
      ),
    ...Array.from({ length: 6 }, async () => keyIds.push((await issue(owner)).secret)),
  ]);
  expect((await findById(owner.accountId))?.keys?.toSorted()).toEqual(
    keyIds.map((secret) => digestOf(secret, env().keyPepper)).toSorted(),
  );
  for (const { secret } of start) await expect(hold(secret)).rejects.toMatchObject(INVALID);
});

test("of keys with one name that are created together, a project gets one", async () => {
  const owner = await customer();
  const creations = Array.from({ length: 5 }, () => issue({ ...owner, name: "production" }));
  const outcomes = await Promise.allSettled(creations);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await findById(owner.accountId))?.keys).toHaveLength(1);
});

test("of keys that are renamed and created together, at most one gets the name", async () => {
  const owner = await customer();
  const { accountId } = owner;
  const all = await Promise.all(Array.from({ length: 4 }, () => issue(owner)));
  const limits = { creditsPerDay: 5 };
  await Promise.allSettled([
    ...all.map(({ key }) =>
      updateKey({ accountId, keyId: key._id, changes: { name: "production", limits } }),
    ),
    issue({ ...owner, name: "production" }),
  ]);
  const keys = await collection<ApiKey>("keys").find({ accountId }).toArray();
  expect(keys.filter(({ name }) => name === "production").length).toBeLessThanOrEqual(1);
  // A change that is refused leaves nothing behind.
  const otherKeys = keys.filter(({ name }) => name !== "production");
  expect(otherKeys.filter((key) => key.limits !== undefined)).toEqual([]);
});

test("the day of the last use is kept, and an earlier one does not replace it", async () => {
  const owner = await customer();
  const { key } = await issue(owner);
  await markUsed(key._id, new Date("2026-11-24T10:00:00Z"));
  await markUsed(key._id, new Date("2026-11-25T00:00:00Z"));
  await markUsed(key._id, new Date("2026-11-24T23:59:59Z"));
  const account = await findById(owner.accountId);
  if (!account) throw new Error("The account is missing.");
  expect((await getKey({ account, keyId: key._id })).key.lastUsedDay).toBe("2026-11-25");
});
