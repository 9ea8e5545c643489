import { expect, test } from "vitest";
import { createAccount, findOrCreateAccount } from "@/lib/accounts/create";
import { regenerateKey } from "@/lib/keys/regenerate";
import { forgetPersons } from "@/lib/accounts/person-digests";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { DIGESTS_DAYS, FREE_REQUESTS } from "@/lib/accounts/schema";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listEntries } from "@/lib/ledger/queries";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { finishPosts, post } from "@/lib/ledger/post";
import { audit } from "@/lib/maintenance/audit";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { creditPurchase } from "@/lib/payments/credit-purchase";
import { deleteAccount, finishDeletions } from "./delete-account";
import { userOfPerson } from "./person";
import { liftAccount, suspendAccount } from "./suspension";
import { linkMethod } from "@/lib/users/methods";
import { takeOverDebts } from "./take-over-debts";
import { findOrCreateUser } from "./users";

useOwnDatabase(ensureIndexes);

const CLIENT = "198.51.100.7";
const DAY_MS = 86_400_000;
let entries = 0;

/** An account that owes an amount, as after a disputed payment that was spent. */
async function debtor({ email, owed: debt }: { email: string; owed: number }) {
  const { _id } = await createAccount({ email });
  await dispute(_id, debt);
  return _id;
}

const dispute = (accountId: string, amount: number) =>
  post({ sourceId: `du_${++entries}`, accountId, kind: "dispute", amount: -amount });

const suspend = (accountId: string) =>
  suspendAccount({ accountId, operator: null, reason: "abuse" });

test("a suspended person who deletes the account and comes back is suspended", async () => {
  const { _id } = await createAccount({ email: "ada.l@gmail.com" });
  await suspend(_id);
  const { suspendedAt } = (await findById(_id)) ?? {};
  await deleteAccount(_id);
  const back = await findOrCreateAccount({ email: "adal+new@googlemail.com", client: CLIENT });
  expect(back._id).not.toBe(_id);
  expect(back.suspendedAt).toEqual(suspendedAt);
  const projectId = back.projects[0]?.id ?? "";
  await expect(regenerateKey({ accountId: back._id, projectId })).rejects.toThrow("suspended");
  await deleteAccount(back._id);
  expect(
    (await findOrCreateAccount({ email: "adal@gmail.com", client: CLIENT })).suspendedAt,
  ).toEqual(suspendedAt);
});

test("a suspension follows the Google or GitHub identity to another address", async () => {
  const { _id } = await findOrCreateUser({ email: "old@first.example" });
  const identity = { provider: "github", subject: "4711" } as const;
  await linkMethod({ userId: _id, method: { ...identity, email: "old@first.example" } });
  await suspend(_id);
  await deleteAccount(_id);
  const person = { email: "new@second.example", name: "", imageUrl: "", client: CLIENT };
  const stranger = await userOfPerson({ ...person, provider: "google", subject: "4711" });
  expect(await findById(stranger._id)).not.toHaveProperty("suspendedAt");
  const back = await userOfPerson({ ...person, ...identity, email: "third@third.example" });
  expect((await findById(back._id))?.suspendedAt).toBeInstanceOf(Date);
});

test("another spelling of a suspended person's address is suspended too", async () => {
  const { _id } = await createAccount({ email: "two.faces@gmail.com" });
  await suspend(_id);
  const second = await createAccount({ email: "twofaces+2@gmail.com", client: CLIENT });
  expect(second.suspendedAt).toBeInstanceOf(Date);
  // It says nothing about a namesake at a provider that delivers dots to different mailboxes.
  const { _id: namesake } = await createAccount({ email: "jo.hn@outlook.com" });
  await suspend(namesake);
  expect(await createAccount({ email: "john@outlook.com" })).not.toHaveProperty("suspendedAt");
});

test("a lifted suspension does not return, also after another deletion", async () => {
  const { _id } = await createAccount({ email: "forgiven@example.com" });
  await suspend(_id);
  await deleteAccount(_id);
  const back = await createAccount({ email: "forgiven@example.com" });
  await liftAccount({ accountId: back._id, operator: null, reason: "a mistake" });
  expect(await findById(back._id)).not.toHaveProperty("personDigests");
  await deleteAccount(back._id);
  const secondAccount = await createAccount({ email: "forgiven@example.com" });
  expect(secondAccount).not.toHaveProperty("suspendedAt");
});

test("a negative balance comes back as a debt, once, and the books balance", async () => {
  const old = await debtor({ email: "owes@example.com", owed: 700 });
  await deleteAccount(old);
  const back = await findOrCreateAccount({ email: "owes+again@example.com", client: CLIENT });
  await Promise.all(Array.from({ length: 6 }, () => takeOverDebts(back._id)));
  await takeOverDebts(back._id);
  expect(await findById(back._id)).toMatchObject({ credits: -700, posted: -700, charged: 0 });
  expect(await findById(old)).toMatchObject({ credits: 0, posted: 0 });
  expect(await listEntries(back._id)).toMatchObject([{ kind: "debt", amount: -700 }]);
  expect((await audit()).problems).toEqual([]);
});

test("a dispute after the deletion reaches the person's next sign-in", async () => {
  const old = await debtor({ email: "late@example.com", owed: 100 });
  await deleteAccount(old);
  await finishDeletions();
  const back = await createAccount({ email: "late@example.com" });
  await takeOverDebts(back._id);
  await dispute(old, 40);
  await takeOverDebts(back._id);
  await takeOverDebts(back._id);
  expect((await findById(back._id))?.credits).toBe(-140);
  expect((await findById(old))?.credits).toBe(0);
  expect((await audit()).problems).toEqual([]);
});

test("a take-over that is interrupted between its two entries moves each amount once", async () => {
  const old = await debtor({ email: "crash@example.com", owed: 500 });
  await deleteAccount(old);
  const back = await createAccount({ email: "crash@example.com" });
  // As a process leaves it that ends after the first entry, and a further dispute before the next sign-in.
  await post({ sourceId: `debt:${old}:0`, accountId: back._id, kind: "debt", amount: -500 });
  await dispute(old, 30);
  await takeOverDebts(back._id);
  await takeOverDebts(back._id);
  expect((await findById(back._id))?.credits).toBe(-530);
  expect((await findById(old))?.credits).toBe(0);
  expect((await audit()).problems).toEqual([]);
});

test("a person without debt takes nothing over, and a stranger takes over nobody's", async () => {
  const rich = await createAccount({ email: "rich@example.com" });
  await post({ sourceId: "grt_rich", accountId: rich._id, kind: "grant", amount: 900 });
  await deleteAccount(rich._id);
  await deleteAccount(await debtor({ email: "poor@example.com", owed: 10 }));
  const back = await createAccount({ email: "rich@example.com" });
  await takeOverDebts(back._id);
  expect(await findById(back._id)).toMatchObject({ credits: 0, seq: 0 });
});

test("digests of a deleted account go when nothing can need them", async () => {
  const digestsOf = async (id: string) => (await findById(id))?.personDigests?.length ?? 0;
  const freeAccount = await createAccount({ email: "unused@example.com" });
  const payingAccount = await createAccount({ email: "paid@example.com" });
  await post({ sourceId: "pi_paid", accountId: payingAccount._id, kind: "purchase", amount: 50 });
  const owing = await debtor({ email: "owing@example.com", owed: 5 });
  const bannedAccount = await createAccount({ email: "banned@example.com" });
  await suspend(bannedAccount._id);
  const all = [freeAccount._id, payingAccount._id, owing, bannedAccount._id];
  for (const id of all) await deleteAccount(id);
  await finishDeletions();
  expect(await Promise.all(all.map(digestsOf))).toEqual([0, 1, 1, 1]);
  await forgetPersons(new Date(Date.now() + (DIGESTS_DAYS + 1) * DAY_MS));
  expect(await Promise.all(all.map(digestsOf))).toEqual([0, 0, 1, 1]);
});

test("free requests that a daily limit withheld come with the first purchase, once", async () => {
  const buy = (accountId: string) =>
    creditPurchase({
      sourceId: `pi_${++entries}`,
      accountId,
      amount: 10_000_000,
      fee: 0,
      stripe: { paymentIntent: `pi_${entries}` },
    });
  for (let i = 0; i < 3; i++)
    await createAccount({ email: `early${i}@gmail.com`, client: "192.0.2.1" });
  const late = await createAccount({ email: "late.one@gmail.com", client: "192.0.2.1" });
  expect(late).toMatchObject({ freeWithheld: "network", free: { requests: 0, credits: 0 } });
  await post({ sourceId: "grt_late", accountId: late._id, kind: "grant", amount: 1 });
  expect((await findById(late._id))?.free.requests).toBe(0);
  await buy(late._id);
  const account = await findById(late._id);
  expect(account).toMatchObject({ free: { requests: FREE_REQUESTS } });
  expect(account).not.toHaveProperty("freeWithheld");
  await collection("accounts").updateOne({ email: late.email }, { $set: { "free.requests": 0 } });
  await buy(late._id);
  expect((await findById(late._id))?.free.requests).toBe(0);

  const second = await createAccount({ email: "late.one+2@gmail.com", client: "203.0.113.1" });
  expect(second.freeWithheld).toBe("earlier");
  await buy(second._id);
  expect((await findById(second._id))?.free.requests).toBe(0);
});

test("a purchase whose posting a crash interrupted still brings the free requests", async () => {
  for (let i = 0; i < 4; i++)
    await createAccount({ email: `crowd${i}@gmail.com`, client: "192.0.3.1" });
  const late = await findByEmail("crowd3@gmail.com");
  const ledger = collection<LedgerEntry>("ledger");
  await ledger.insertOne({
    _id: "pi_interrupted",
    accountId: late?._id ?? "",
    seq: 1,
    kind: "purchase",
    amount: 9,
    at: new Date(),
    applied: false,
  });
  await finishPosts();
  expect(await findById(late?._id ?? "")).toMatchObject({
    credits: 9,
    free: { requests: FREE_REQUESTS },
  });
});
