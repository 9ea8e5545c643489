import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import { balanceOf, type Account } from "@/lib/accounts/schema";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { post } from "@/lib/ledger/post";
import { parseCredits } from "@/lib/money";
import { NO_TOKENS, startOfDay, type UsageRow } from "@/lib/usage/schema";
import { listMovements } from "./movements";

const NOON = 43_200_000;
const DAY = 86_400_000;
let rows = 0;

useOwnDatabase(ensureIndexes);

/** A settled request of some days ago; with `charged: false` its row stands but its hold is not settled yet. */
async function request(
  account: Account,
  daysAgo: number,
  credits: string,
  isCharged = true,
): Promise<void> {
  const cost = parseCredits(credits);
  await collection<UsageRow>("usage").insertOne({
    _id: `req_${++rows}`,
    accountId: account._id,
    projectId: account.projects[0]?.id ?? "",
    at: new Date(startOfDay(Date.now()).getTime() - daysAgo * DAY + (daysAgo === 0 ? 1 : NOON)),
    model: "gpt-4o-mini",
    provider: "openai",
    channel: "openai-1",
    endpoint: "/v1/chat/completions",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost,
    free: false,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
  });
  if (isCharged)
    await collection<Account>("accounts").updateOne(
      { _id: account._id },
      { $inc: { charged: cost, credits: -cost } },
    );
}

async function account(email: string): Promise<Account> {
  const customerAccount = await createAccount({ email });
  const createdAt = new Date(Date.now() - 10 * DAY);
  await collection<Account>("accounts").updateOne(
    { _id: customerAccount._id },
    { $set: { createdAt } },
  );
  return { ...customerAccount, createdAt };
}

async function reload({ _id }: Account): Promise<Account> {
  const customerAccount = await findById(_id);
  if (!customerAccount) throw new Error("The account is gone.");
  return customerAccount;
}

test("movements run from the balance to zero, each balance less its amount the next", async () => {
  const customer = await account("runs.down@example.com");
  await post({
    sourceId: "pi_a",
    accountId: customer._id,
    kind: "purchase",
    amount: parseCredits("50"),
  });
  await post({
    sourceId: "grt_a",
    accountId: customer._id,
    kind: "grant",
    amount: parseCredits("2"),
  });
  await post({
    sourceId: "re_a",
    accountId: customer._id,
    kind: "refund",
    amount: -parseCredits("20"),
    of: "pi_a",
  });
  for (const [daysAgo, cost] of [
    [3, "1.000000001"],
    [3, "0.5"],
    [1, "0.25"],
    [0, "0.125"],
  ] as const)
    await request(customer, daysAgo, cost);
  const after = await reload(customer);
  const {
    list,
    bought: purchaseTotal,
    granted: grantTotal,
    takenBack,
    used: usageTotal,
  } = await listMovements(after);
  expect(list.map(({ kind }) => kind)).toEqual([
    "usage",
    "entry",
    "entry",
    "entry",
    "usage",
    "usage",
  ]);
  expect(list[0]).toMatchObject({ balance: balanceOf(after), requests: 1, today: true });
  expect(list.at(-1)).toMatchObject({ amount: -parseCredits("1.500000001"), requests: 2 });
  for (const [i, move] of list.entries())
    expect(move.balance - move.amount).toBe(list[i + 1]?.balance ?? 0);
  expect([purchaseTotal, grantTotal, takenBack, usageTotal].map((nano) => nano / 1e9)).toEqual([
    50, 2, 20, 1.875000001,
  ]);
});

test("a request whose row stands but which is not settled yet changes no sum", async () => {
  const customer = await account("not.settled@example.com");
  await post({
    sourceId: "pi_b",
    accountId: customer._id,
    kind: "purchase",
    amount: parseCredits("5"),
  });
  await request(customer, 0, "1", false);
  await request(customer, 0, "0.5");
  const after = await reload(customer);
  const { list } = await listMovements(after);
  expect(list.map(({ amount }) => amount)).toEqual([-parseCredits("0.5"), parseCredits("5")]);
  expect(list[0]?.balance).toBe(balanceOf(after));
});

test("an entry that is posted after the account was read waits for the next time", async () => {
  const customer = await account("posted.after@example.com");
  await post({
    sourceId: "pi_c",
    accountId: customer._id,
    kind: "purchase",
    amount: parseCredits("5"),
  });
  const before = await reload(customer);
  await post({
    sourceId: "pi_d",
    accountId: customer._id,
    kind: "purchase",
    amount: parseCredits("7"),
  });
  expect((await listMovements(before)).list.map(({ balance }) => balance)).toEqual([
    parseCredits("5"),
  ]);
});
