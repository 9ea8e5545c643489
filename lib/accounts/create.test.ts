import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { accounts, ensureIndexes, freeGrants } from "./collection";
import { createAccount, findOrCreateAccount } from "./create";
import { foldAddress, reserveFreeRequests } from "./free";
import { findById } from "./queries";
import { EmailAddress, FREE_REQUESTS } from "./schema";

useOwnDatabase(ensureIndexes);

test("concurrent first sign-ins of an address create one account", async () => {
  const accountList = await Promise.all(
    Array.from({ length: 20 }, () => findOrCreateAccount({ email: "at.once@example.com" })),
  );
  expect(new Set(accountList.map(({ _id }) => _id)).size).toBe(1);
  expect(await accounts.countDocuments({ email: "at.once@example.com" })).toBe(1);
  expect((await findById(accountList[0]?._id ?? ""))?.free.requests).toBe(FREE_REQUESTS);
});

test("another spelling of an address is another account without free requests", async () => {
  const first = await createAccount({ email: "mira.lind@gmail.com" });
  expect(first.free.requests).toBe(FREE_REQUESTS);
  for (const email of [
    "miralind@gmail.com",
    "mira.lind+two@gmail.com",
    "m.iralind@googlemail.com",
  ]) {
    const sameAccount = await findOrCreateAccount({ email });
    expect(sameAccount._id).not.toBe(first._id);
    expect(sameAccount.free).toEqual({ requests: 0, credits: 0 });
    expect((await findById(sameAccount._id))?.free).toEqual({ requests: 0, credits: 0 });
  }
  expect((await createAccount({ email: "mira.lund@gmail.com" })).free.requests).toBe(FREE_REQUESTS);
});

test("an account that is deleted and made again has no free requests the second time", async () => {
  const { _id } = await createAccount({ email: "gone@example.com" });
  await accounts.deleteOne({ _id });
  expect((await createAccount({ email: "gone@example.com" })).free.requests).toBe(0);
});

test("an interrupted account creation neither loses nor doubles free requests", async () => {
  // Interrupted before the account existed: the next one to be created has them.
  await reserveFreeRequests("broken.off@example.com");
  expect((await createAccount({ email: "broken.off@example.com" })).free.requests).toBe(
    FREE_REQUESTS,
  );
  expect((await createAccount({ email: "broken.off+again@example.com" })).free.requests).toBe(0);
  // Interrupted just after: the account has them, and another spelling does not.
  const reservedId = await reserveFreeRequests("later@example.com");
  const newAccount = await createAccount({ email: "later@example.com" });
  expect(newAccount).toMatchObject({ _id: reservedId, free: { requests: FREE_REQUESTS } });
  await freeGrants.updateMany({}, { $set: { accountId: newAccount._id } });
  expect((await createAccount({ email: "la.ter@example.com" })).free.requests).toBe(0);
  await expect(createAccount({ email: "later@example.com" })).rejects.toMatchObject({
    code: "bad_request",
  });
});

test("of many concurrent spellings of an address, one account has the free requests", async () => {
  const spellings = Array.from({ length: 12 }, (_, i) => `at.the.same.time+${i}@example.com`);
  const accountList = await Promise.all(spellings.map((email) => createAccount({ email })));
  expect(new Set(accountList.map(({ _id }) => _id)).size).toBe(spellings.length);
  const records = await Promise.all(accountList.map(({ _id }) => findById(_id)));
  expect(records.map((account) => account?.free.requests ?? -1).toSorted((a, b) => b - a)).toEqual([
    FREE_REQUESTS,
    ...spellings.slice(1).map(() => 0),
  ]);
});

test("what is kept of a grant cannot be read as an address", async () => {
  await createAccount({ email: "private.person@example.com" });
  const records = JSON.stringify(await freeGrants.find().toArray());
  expect(records).not.toMatch(/private|person|example/);
});

test.each([
  ["a.b+c@example.com", "ab@example.com"],
  ["A@EXAMPLE.com", "a@example.com"],
  ["+tag@example.com", "+tag@example.com"],
  ["x@googlemail.com", "x@gmail.com"],
])("%s folds to %s", (address, canonical) => {
  expect(foldAddress(address)).toBe(canonical);
});

test.each([
  "\u212Aim@example.com",
  "mıra@example.com",
  "a b@example.com",
  "a@b@example.com",
  '"a"@example.com',
  "",
])("%j is not an address to sign in with", (address) => {
  expect(EmailAddress.safeParse(address).success).toBe(false);
});

test.each(["a@b", "a&b/c%d!e=f@example.com"])("%s is one, as browsers take it", (address) => {
  expect(EmailAddress.safeParse(address).success).toBe(true);
});

test("an address is kept lower-cased and trimmed", () => {
  expect(EmailAddress.parse("  Mira@Example.COM ")).toBe("mira@example.com");
});

test.each([
  "a&b@example.com",
  "first/last@example.com",
  "100%@example.com",
  "hey!=you@example.com",
  "o'neil+tag@sub.example.co.uk",
  "x@localhost",
])("the address %s is taken, as browsers take it", (address) => {
  expect(EmailAddress.parse(address)).toBe(address);
});

test.each([
  "",
  "a",
  "a@",
  "@example.com",
  "a b@example.com",
  "<b>x</b>@example.com",
  "a@-x.com",
  "K@exa\u212aple.com",
])("%j is no address", (address) => {
  expect(EmailAddress.safeParse(address).success).toBe(false);
});
