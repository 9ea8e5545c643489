import { beforeAll, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { findOrCreateAccount } from "@/lib/accounts/create";
import { eraseAccount } from "@/lib/accounts/erase";
import { placeHold } from "@/lib/accounts/hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { createProject } from "@/lib/accounts/projects";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { setAlert } from "@/lib/accounts/settings";
import { settleHold } from "@/lib/accounts/settle";
import { collection } from "@/lib/db/collection";
import { env } from "@/lib/env";
import { audit } from "@/lib/maintenance/audit";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { sweep } from "@/lib/maintenance/sweep";
import { beat, instanceId } from "@/lib/instances/heartbeat";
import { digestOf } from "@/lib/ids";
import { post } from "@/lib/ledger/post";
import { createSession } from "@/lib/sessions/create";
import { saveLink } from "@/lib/sessions/links";
import { listSessions } from "@/lib/sessions/queries";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS } from "@/lib/usage/schema";
import { linkWallet } from "@/lib/wallets/link";
import { linkMethod } from "@/lib/users/methods";
import { findUserById } from "@/lib/users/queries";
import { renameUser } from "@/lib/users/rename";
import { deleteAccount } from "./delete-account";
import { findOrCreateUser } from "./users";

const WALLET = "0x00000000000000000000000000000000000ca4a7";
let count = 0;

useOwnDatabase(ensureIndexes);

beforeAll(async () => {
  await beat({ channels: [] });
});

/** An account with something of a person in every place that takes it, and a request in flight. */
async function person() {
  const email = `ca.nary${++count}@example.com`;
  const { _id: accountId } = await findOrCreateUser({
    email,
    name: "Mira Canary",
    image: "https://img.example/canary.png",
  });
  const { projects = [] } = (await findById(accountId)) ?? {};
  const projectId = projects[0]?.id ?? "";
  await post({
    sourceId: `grt_${count}`,
    accountId,
    kind: "grant",
    amount: 5_000,
    reason: "welcome",
  });
  await collection("accounts").updateOne({ email }, { $set: { "free.requests": 0 } });
  await collection("ledger").updateOne(
    { accountId },
    { $set: { stripe: { paymentIntent: "pi_1", billing: { name: "Mira Canary", email } } } },
  );
  await linkMethod({
    userId: accountId,
    method: { provider: "github", subject: `canary-${count}`, email },
  });
  await linkWallet({
    accountId,
    address: `0x${String(count).padStart(2, "0")}${WALLET.slice(4)}`,
    chain: null,
  });
  await createSession({ userId: accountId, method: "email", userAgent: "canary browser" });
  await saveLink({ _id: `link${count}`, email, expires: new Date(Date.now() + 900_000) });
  await setAlert({ accountId, threshold: 10_000_000 });
  const digest = digestOf(await regenerateKey({ accountId, projectId }), env().keyPepper);
  const request = {
    requestId: `req_${count}`,
    digest,
    model: "gpt-4o-mini",
    endpoint: "chat",
    address: "127.0.0.1",
    maxCost: 3e3,
    expectedCost: 3e3,
    by: instanceId(),
    now: Date.now(),
  };
  return { email, accountId, projectId, request, held: await placeHold(request) };
}

async function everything(): Promise<string> {
  const names = [
    "accounts",
    "users",
    "sessions",
    "links",
    "wallets",
    "ledger",
    "usage",
    "days",
    "free_grants",
  ];
  const all = await Promise.all(names.map(async (name) => collection(name).find({}).toArray()));
  return JSON.stringify(all).toLowerCase();
}

const settle = async ({
  accountId,
  projectId,
  request,
  held: hold,
}: Awaited<ReturnType<typeof person>>) => {
  await recordUsage({
    _id: request.requestId,
    accountId,
    projectId,
    at: new Date(request.now),
    model: request.model,
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat",
    stream: true,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost: 1200,
    free: false,
    latencyMs: 5,
    firstByteMs: 1,
    usageSource: "provider",
  });
  await settleHold({ accountId, hold: hold.hold, cost: 1_200, kept: false });
};

test("an account deleted during a request is refused, settled, then only figures", async () => {
  const mira = await person();
  await deleteAccount(mira.accountId);
  await expect(placeHold({ ...mira.request, requestId: "req_next" })).rejects.toMatchObject({
    code: "invalid_key",
  });
  expect(await findByEmail(mira.email)).toBeNull();
  expect(await listSessions(mira.accountId)).toEqual([]);
  const text = await everything();
  for (const word of ["canary", mira.email, "mira", "ca4a7"])
    expect(text, word).not.toContain(word);
  expect(await findById(mira.accountId)).toMatchObject({
    closing: true,
    holds: [{ id: mira.request.requestId }],
  });
  expect((await audit()).problems).toEqual([]);

  await settle(mira);
  await sweep();
  const remains = await findById(mira.accountId);
  expect(remains).toMatchObject({
    credits: 3_800,
    posted: 5_000,
    charged: 1_200,
    holds: [],
    projects: [],
  });
  expect(remains?.closing).toBeUndefined();
  expect((await audit()).problems).toEqual([]);
  await deleteAccount(mira.accountId);
  expect(await findById(mira.accountId)).toEqual(remains);
});

test("what a crash after the first write left is erased by the sweep", async () => {
  const mira = await person();
  await eraseAccount({ accountId: mira.accountId, digests: [] });
  expect(await listSessions(mira.accountId)).toHaveLength(1);
  await sweep();
  expect(await listSessions(mira.accountId)).toEqual([]);
  expect(await everything()).not.toContain("ca4a7");
  await settle(mira);
  await sweep();
  expect((await findById(mira.accountId))?.closing).toBeUndefined();
});

test("nothing brings a deleted account back to life", async () => {
  const { accountId, projectId, email } = await person();
  await deleteAccount(accountId);
  const attempts = [
    renameUser({ userId: accountId, name: "Mira" }),
    setAlert({ accountId, threshold: 20_000_000 }),
    setAlert({ accountId, threshold: null }),
    createProject({ accountId, name: "again" }),
    regenerateKey({ accountId, projectId }),
  ];
  for (const outcome of await Promise.allSettled(attempts)) expect(outcome.status).toBe("rejected");
  await linkMethod({
    userId: accountId,
    method: { provider: "google", subject: "again", email },
  });
  expect(await findUserById(accountId)).toBeNull();
  expect(await findById(accountId)).toMatchObject({ name: "", projects: [] });
});

test("a returning person has a new account without free requests, in any spelling", async () => {
  const { email, accountId } = await person();
  await deleteAccount(accountId);
  for (const spelling of [email, `c.${email.slice(1).replace("@", "+2@")}`]) {
    const account = await findOrCreateAccount({ email: spelling });
    expect(account._id).not.toBe(accountId);
    expect(account.free).toEqual({ requests: 0, credits: 0 });
  }
});

test("an alert is armed only while the balance is above its threshold", async () => {
  const { accountId } = await person();
  const storedAlert = async () => (await findById(accountId))?.alert;
  await setAlert({ accountId, threshold: 10_000_000 });
  expect(await storedAlert()).toEqual({ threshold: 10_000_000, armed: false });
  await post({ sourceId: "grt_more", accountId, kind: "grant", amount: 50_000_000 });
  await setAlert({ accountId, threshold: 20_000_000 });
  expect(await storedAlert()).toEqual({ threshold: 20_000_000, armed: true });
  for (const threshold of [0, 9_999_999, 10_000_000_000_001])
    await expect(setAlert({ accountId, threshold })).rejects.toThrow("from $0.01 to $10,000.00");
  await setAlert({ accountId, threshold: null });
  expect(await storedAlert()).toBeUndefined();
});
