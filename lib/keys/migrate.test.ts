import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { placeHold } from "@/lib/accounts/hold";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { lift } from "@/lib/accounts/suspend";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf, newKey, previewOf } from "@/lib/ids";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { migrateProjectKeys } from "./migrate";
import { listKeys } from "./queries";

useOwnDatabase(ensureIndexes);

let count = 0;

/** An account document as version 0.1 wrote it: one key in each of two projects, a third without one. */
async function earlierAccount({ isSuspended = false } = {}) {
  const { _id: accountId } = await createAccount({ email: `old${++count}@example.com` });
  const secrets = [newKey(), newKey()];
  const digests = secrets.map((secret) => digestOf(secret, env().keyPepper));
  const createdAt = new Date("2026-11-01T12:00:00Z");
  const projects = [...secrets, null].map((secret, i) => ({
    id: `prj_old${count}${i}`,
    name: `Project ${i}`,
    createdAt,
    limits: { creditsPerMonth: 5_000 },
    month: { at: Date.UTC(2026, 10, 1), left: 5_000 },
    ...(secret === null
      ? {}
      : {
          [isSuspended ? "heldKey" : "key"]: {
            digest: digests[i],
            preview: previewOf(secret),
            createdAt,
          },
        }),
  }));
  await collection<Account>("accounts").updateOne(
    { _id: accountId },
    {
      $set: {
        projects: projects as Account["projects"],
        credits: 1e9,
        posted: 1e9,
        "free.requests": 0,
        ...(isSuspended ? { suspendedAt: new Date() } : { keys: digests }),
      },
      $unset: { rulesVersion: "" },
    },
  );
  return { accountId, secrets };
}

const hold = (secret: string) =>
  placeHold({
    requestId: `req_m${++count}`,
    digest: digestOf(secret, env().keyPepper),
    model: "m",
    endpoint: "chat",
    address: "",
    maxCost: 10,
    expectedCost: 10,
    by: "ins_1",
    now: Date.UTC(2026, 10, 24),
  });

test("every key of an earlier version works after the migration, in its project", async () => {
  const { accountId, secrets } = await earlierAccount();
  await Promise.all([migrateProjectKeys(), migrateProjectKeys()]);
  expect(await migrateProjectKeys()).toBe(0);
  for (const [i, secret] of secrets.entries())
    expect((await hold(secret)).projectId).toMatch(new RegExp(`${i}$`));
  const account = await findById(accountId);
  if (!account) throw new Error("The account is missing.");
  expect(JSON.stringify(account.projects)).not.toContain("digest");
  const states = await listKeys({ account });
  expect(states.map(({ key, live }) => [key.name, live.length])).toEqual([
    ["default", 1],
    ["default", 1],
  ]);
});

test("keys of a suspended account come back when it is lifted after the migration", async () => {
  const { accountId, secrets } = await earlierAccount({ isSuspended: true });
  await migrateProjectKeys();
  for (const secret of secrets)
    await expect(hold(secret)).rejects.toMatchObject({ code: "invalid_key" });
  await lift({ accountId });
  for (const secret of secrets) expect((await hold(secret)).accountId).toBe(accountId);
});

test("an interrupted migration is finished by the next one", async () => {
  const { accountId, secrets } = await earlierAccount();
  const all = collection<Account>("accounts");
  const before = await all.findOne({ _id: accountId });
  await migrateProjectKeys();
  // The keys were inserted, and the account was not changed.
  if (before) await all.replaceOne({ _id: accountId }, before);
  expect(await migrateProjectKeys()).toBe(1);
  for (const secret of secrets) await hold(secret);
  const account = await findById(accountId);
  if (account) expect(await listKeys({ account })).toHaveLength(2);
});
