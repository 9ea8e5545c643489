import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { createAccount } from "@/lib/accounts/create";
import { placeHold } from "@/lib/accounts/hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { settleHold } from "@/lib/accounts/settle";
import { now } from "@/lib/clock";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { grantCredits } from "@/lib/payments/grant";
import { usage } from "@/lib/usage/collection";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS } from "@/lib/usage/schema";
import { audit } from "./audit";
import { ensureIndexes } from "./boot";

let count = 0;

// One account makes thousands of requests here.
vi.stubEnv("ACCOUNT_REQUESTS_PER_MINUTE", "1000000");

useOwnDatabase(ensureIndexes);

async function customer() {
  const account = await createAccount({ email: `${++count}@example.com` });
  await grantCredits({ accountId: account._id, amount: 10 ** 12, reason: "test", operator: null });
  const projectId = account.projects[0]?.id ?? "";
  const digest = digestOf(
    await regenerateKey({ accountId: account._id, projectId }),
    env().keyPepper,
  );
  return { accountId: account._id, projectId, digest };
}

/** One request as the gateway makes it: a hold, a row, a settle, with time in between. */
async function request({
  accountId,
  projectId,
  digest,
}: Awaited<ReturnType<typeof customer>>): Promise<void> {
  const at = now();
  const holdRequest = {
    model: "gpt-4o-mini",
    endpoint: "chat.completions",
    address: "127.0.0.1",
    by: "ins_1",
    now: at,
  };
  const { hold } = await placeHold({
    requestId: `req_${++count}`,
    digest,
    maxCost: 90_000,
    expectedCost: 90_000,
    ...holdRequest,
  });
  await sleep(Math.random() * 20);
  const cost = hold.free ? 0 : Math.ceil(Math.random() * 90_000);
  await recordUsage({
    _id: hold.id,
    accountId,
    projectId,
    at: new Date(at),
    model: hold.model,
    provider: "openai",
    channel: "c",
    endpoint: hold.endpoint,
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost,
    free: hold.free,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
  });
  await sleep(Math.random() * 20);
  await settleHold({ accountId, hold, cost, kept: hold.free });
}

test("an audit during requests reports a problem only where there is one", async () => {
  const customerAccount = await customer();
  let going = true;
  const clients = Array.from({ length: 48 }, async () => {
    while (going) await request(customerAccount);
  });
  for (let audits = 0; audits < 8; audits++) expect((await audit()).problems).toEqual([]);
  const row = await usage.findOne(
    { accountId: customerAccount.accountId, cost: { $gt: 10 } },
    { sort: { at: 1 } },
  );
  await usage.updateOne({ _id: row?._id ?? "" }, { $inc: { cost: -7 } });
  expect((await audit()).problems).toHaveLength(1);
  going = false;
  await Promise.all(clients);
  const [problem] = (await audit()).problems;
  const [, chargedText, usageText] =
    /charged is (\d+), its usage says (\d+)/.exec(problem ?? "") ?? [];
  expect(Number(chargedText) - Number(usageText)).toBe(7);
});
