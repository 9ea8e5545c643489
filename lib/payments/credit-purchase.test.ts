import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { noteCustomer, saveCard } from "@/lib/accounts/cards";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import { deleteAccount } from "@/lib/auth/delete-account";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { post } from "@/lib/ledger/post";
import { listEntries } from "@/lib/ledger/queries";
import { parseCredits } from "@/lib/money";
import { creditPurchase } from "./credit-purchase";

let count = 0;

useOwnDatabase(ensureIndexes);

const buyer = async () =>
  (await createAccount({ email: `buyer${++count}@example.com`, name: "Mira Canary" }))._id;

function paidBy(accountId: string) {
  return creditPurchase({
    sourceId: `pi_${accountId}`,
    accountId,
    amount: parseCredits("10"),
    fee: 0,
    stripe: {
      paymentIntent: `pi_${accountId}`,
      method: "Visa ending in 4242",
      billing: { name: "Mira Canary", email: "mira@example.com", address: ["Canary Wharf 1"] },
    },
  });
}

async function isNameless(accountId: string): Promise<boolean> {
  return !/mira|canary/i.test(
    JSON.stringify([await listEntries(accountId), await findById(accountId)]),
  );
}

test("a payment reported after its account was deleted is credited without the payer", async () => {
  const accountId = await buyer();
  await deleteAccount(accountId);
  for (let attempt = 0; attempt < 2; attempt++) await paidBy(accountId);
  expect(await listEntries(accountId)).toMatchObject([
    {
      _id: `pi_${accountId}`,
      amount: parseCredits("10"),
      stripe: { method: "Visa ending in 4242" },
    },
  ]);
  expect(await findById(accountId)).toMatchObject({
    credits: parseCredits("10"),
    posted: parseCredits("10"),
  });
  expect(await isNameless(accountId)).toBe(true);
});

test("an account deleted while its payment is recorded keeps no name", async () => {
  for (let round = 0; round < 5; round++) {
    const accountId = await buyer();
    // Entries of one account wait for each other, so that the deletion passes the ledger before the payment is there.
    const purchases = Array.from({ length: 20 }, (_, n) =>
      post({ sourceId: `grt_${accountId}_${n}`, accountId, kind: "grant", amount: 1 }),
    );
    await Promise.all([...purchases, paidBy(accountId), deleteAccount(accountId)]);
    expect(await listEntries(accountId)).toHaveLength(21);
    expect(await isNameless(accountId), `round ${round}`).toBe(true);
  }
});

test("a deleted account takes no customer and no card of Stripe's", async () => {
  const card = { paymentMethod: "pm_1", brand: "Visa", last4: "4242", expires: "12/30" };
  const accountId = await buyer();
  await noteCustomer({ accountId, customer: "cus_1" });
  await saveCard({ accountId, card });
  expect((await findById(accountId))?.stripe).toEqual({ customer: "cus_1", card });
  await deleteAccount(accountId);
  await noteCustomer({ accountId, customer: "cus_1" });
  await saveCard({ accountId, card });
  expect(await findById(accountId)).not.toHaveProperty("stripe");
});
