import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createProject } from "@/lib/accounts/projects";
import { findById } from "@/lib/accounts/queries";
import { findOrCreateUser } from "@/lib/auth/users";
import { useOwnDatabase } from "@/lib/db/own-database";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { createKey } from "@/lib/keys/create";
import { keys } from "@/lib/keys/collection";
import { revokeKey } from "@/lib/keys/revoke";
import type { Creator } from "@/lib/keys/schema";
import { chooseEmails } from "@/lib/users/choose-emails";
import { startMail } from "@/sandbox/mail";
import { ensureIndexes } from "./boot";
import { mailExpiringKeys } from "./expiring-keys";

const mail = await startMail();
afterAll(mail.close);

useOwnDatabase(ensureIndexes);
beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});
beforeEach(async () => {
  await keys.deleteMany({});
  await emptyMailbox();
});

const DAY_MS = 86_400_000;
const now = Date.now();

async function newKey(input: { creator?: Creator; name?: string; expiresInDays: number }) {
  const { creator, name = "nightly", expiresInDays } = input;
  const user = await findOrCreateUser({ email: "mira@example.com" });
  const accountId = user._id;
  const account = await findById(accountId);
  const projectId =
    account?.projects[0]?.id ?? (await createProject({ accountId, name: "evals" })).id;
  const { key } = await createKey({
    accountId,
    projectId,
    name,
    creator: creator ?? { kind: "person", id: accountId, name: "Mira" },
    expiresAt: new Date(now + expiresInDays * DAY_MS),
  });
  const keyId = key._id;
  await keys.updateOne({ _id: keyId }, { $set: { createdAt: new Date(now - 30 * DAY_MS) } });
  return { accountId, keyId };
}

test("whoever created a key is warned once, within 7 days of its expiry, also by concurrent servers", async () => {
  await newKey({ expiresInDays: 6.5 });
  await newKey({ expiresInDays: 8, name: "later" });
  await Promise.all([mailExpiringKeys(now), mailExpiringKeys(now), mailExpiringKeys(now)]);
  const warnings = await listMail();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatchObject({ to: "mira@example.com" });
  expect(warnings[0]?.subject).toContain('key "nightly" expires on');
  expect(warnings[0]?.text).toContain("/keys/key_");
  await mailExpiringKeys(now + DAY_MS / 4);
  expect(await listMail()).toHaveLength(1);
  await mailExpiringKeys(now + 2 * DAY_MS);
  expect((await listMail()).map(({ subject }) => subject.includes('"later"'))).toEqual([
    true,
    false,
  ]);
});

test("another expiry of the same key is warned of again", async () => {
  const { keyId } = await newKey({ expiresInDays: 3 });
  await mailExpiringKeys(now);
  await keys.updateOne({ _id: keyId }, { $set: { expiresAt: new Date(now + 20 * DAY_MS) } });
  await mailExpiringKeys(now + 5 * DAY_MS);
  expect(await listMail()).toHaveLength(1);
  await mailExpiringKeys(now + 15 * DAY_MS);
  expect(await listMail()).toHaveLength(2);
});

test("nobody is warned of a revoked, expired or short-lived key, or of a management key's", async () => {
  const { accountId, keyId } = await newKey({ expiresInDays: 3 });
  await revokeKey({ accountId, keyId });
  const expiredKey = await newKey({ expiresInDays: 1, name: "old" });
  await keys.updateOne({ _id: expiredKey.keyId }, { $set: { expiresAt: new Date(now - 1) } });
  const shortLived = await newKey({ expiresInDays: 2, name: "trial" });
  await keys.updateOne({ _id: shortLived.keyId }, { $set: { createdAt: new Date(now) } });
  await newKey({
    expiresInDays: 4,
    name: "deploy",
    creator: { kind: "management_key", id: "mgk_1", name: "terraform" },
  });
  await mailExpiringKeys(now);
  expect(await listMail()).toEqual([]);
});

test("who switched these mails off gets none, and none is sent later for the same expiry", async () => {
  const { accountId } = await newKey({ expiresInDays: 3 });
  const choice = { userId: accountId, accountId, topic: "key_expiry" } as const;
  await chooseEmails({ ...choice, isOn: false });
  await mailExpiringKeys(now);
  await chooseEmails({ ...choice, isOn: true });
  await mailExpiringKeys(now);
  expect(await listMail()).toEqual([]);
});
