import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import type { Overlap } from "@/lib/keys/schema";
import { ensureIndexes } from "./collection";
import { createManagementKey } from "./create";
import { findManagementKey } from "./queries";
import { revokeManagementKey } from "./revoke";
import { rotateManagementKey } from "./rotate";
import { OLD_SECRETS_MAX } from "./schema";

useOwnDatabase(ensureIndexes);

const START = Date.UTC(2026, 10, 30, 9);
const HOUR_MS = 3_600_000;
let count = 0;

async function newKey(expiresAt?: Date) {
  const accountId = `usr_rotate${++count}`;
  const creator = { kind: "person", id: accountId, name: "Mira" } as const;
  const { key, secret } = await createManagementKey({
    accountId,
    name: "deploy-bot",
    scopes: ["read"],
    creator,
    expiresAt,
    now: START,
  });
  return { accountId, keyId: key._id, preview: key.preview, secret };
}

const isLive = async (secret: string, now: number) =>
  (await findManagementKey(digestOf(secret, env().keyPepper), now)) !== null;

test.each([
  ["none", 0],
  ["hour", HOUR_MS],
  ["day", 24 * HOUR_MS],
  ["week", 168 * HOUR_MS],
] as const)("the overlap %s lets the old secret work for %i ms more", async (overlap, length) => {
  const { secret: oldSecret, ...key } = await newKey();
  const { secret } = await rotateManagementKey({ ...key, overlap, now: START });
  if (length > 0) expect(await isLive(oldSecret, START + length - 1)).toBe(true);
  expect(await isLive(oldSecret, START + length)).toBe(false);
  expect(await isLive(secret, START + length)).toBe(true);
});

test("an old secret never works longer than its first overlap or the key's expiry", async () => {
  const { secret: first, ...key } = await newKey(new Date(START + 2 * HOUR_MS));
  const rotate = (overlap: Overlap) => rotateManagementKey({ ...key, overlap, now: START });
  const { secret: second } = await rotate("hour");
  await rotate("week");
  expect(await isLive(first, START + HOUR_MS - 1)).toBe(true);
  expect(await isLive(first, START + HOUR_MS)).toBe(false);
  expect(await isLive(second, START + 2 * HOUR_MS - 1)).toBe(true);
  expect(await isLive(second, START + 2 * HOUR_MS)).toBe(false);
});

test("revoking a key, or rotating it with no overlap, ends every old secret", async () => {
  const { secret: first, ...key } = await newKey();
  const { secret: second } = await rotateManagementKey({ ...key, overlap: "week", now: START });
  const { secret: third } = await rotateManagementKey({ ...key, overlap: "none", now: START });
  expect(await Promise.all([first, second, third].map((secret) => isLive(secret, START)))).toEqual([
    false,
    false,
    true,
  ]);
  const { secret: fourth } = await rotateManagementKey({ ...key, overlap: "week", now: START });
  await revokeManagementKey(key);
  for (const secret of [third, fourth]) expect(await isLive(secret, START)).toBe(false);
  await expect(rotateManagementKey({ ...key, overlap: "day" })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("of rotations at the same time one is made, and the others are refused", async () => {
  const { preview, ...key } = await newKey();
  const results = await Promise.allSettled(
    Array.from({ length: 5 }, () =>
      rotateManagementKey({ ...key, overlap: "day", expected: preview, now: START }),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(
    rotateManagementKey({ ...key, overlap: "day", expected: preview, now: START }),
  ).rejects.toMatchObject({ code: "bad_request" });
});

test("an expired key, another account's key and too many old secrets are refused", async () => {
  const expiredKey = await newKey(new Date(START + 1));
  await expect(
    rotateManagementKey({ ...expiredKey, overlap: "day", now: START + 1 }),
  ).rejects.toMatchObject({ code: "bad_request" });
  const key = await newKey();
  await expect(
    rotateManagementKey({ ...key, accountId: "usr_other", overlap: "day", now: START }),
  ).rejects.toMatchObject({ code: "not_found" });
  for (let i = 0; i < OLD_SECRETS_MAX; i++)
    await rotateManagementKey({ ...key, overlap: "week", now: START });
  await expect(rotateManagementKey({ ...key, overlap: "week", now: START })).rejects.toMatchObject({
    code: "forbidden",
  });
});
