import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type Held } from "./hold";
import { regenerateKey, revokeKey } from "./keys";
import { findById } from "./queries";
import { settleTogether } from "./settle";

const dir = mkdtempSync(path.join(tmpdir(), "onekey-together-"));
let count = 0;

beforeAll(async () => {
  vi.stubEnv("ONEKEY_DATA_DIR", dir);
  await ensureIndexes();
});

afterAll(async () => {
  await closeDatabase();
  rmSync(dir, { recursive: true, force: true });
});

/** An account with so many nano-credits, its free requests used up, and its key's digest. */
async function customer(credits: number) {
  const account = await createAccount({ email: `${++count}@example.com` });
  const projectId = account.projects[0]?.id ?? "";
  const digest = digestOf(await regenerateKey({ accountId: account._id, projectId }), env().keyPepper);
  await (await accounts()).updateOne({ _id: account._id }, { $set: { credits, posted: credits, "free.requests": 0 } });
  return { accountId: account._id, projectId, digest };
}

const hold = (digest: string, amount = 100): Promise<Held> =>
  placeHold({
    ...{ requestId: `req_${++count}`, digest, model: "gpt-6-luna", endpoint: "chat.completions", address: "127.0.0.1" },
    ...{ worst: amount, likely: amount, by: "ins_1", now: Date.now() },
  });
const codeOf = (outcome: PromiseSettledResult<Held>) =>
  outcome.status === "fulfilled" ? "held" : (outcome.reason as { code: string }).code;

test("of holds that arrive together each has its own outcome: rich, poor and revoked", async () => {
  const [rich, poor, revoked] = [await customer(100_000), await customer(250), await customer(100_000)];
  await hold(revoked.digest);
  await revokeKey({ accountId: revoked.accountId, projectId: revoked.projectId });
  const asked = Array.from({ length: 20 }, () => [rich, poor, revoked]).flat();
  const outcomes = (await Promise.allSettled(asked.map(({ digest }) => hold(digest)))).map(codeOf);
  const of = (who: typeof rich) => outcomes.filter((_, i) => asked[i] === who);
  expect(of(rich)).toEqual(Array.from({ length: 20 }, () => "held"));
  expect(of(poor).filter((code) => code === "held")).toHaveLength(2);
  expect(of(poor).filter((code) => code === "insufficient_credits")).toHaveLength(18);
  expect(of(revoked)).toEqual(Array.from({ length: 20 }, () => "invalid_key"));
  expect(await findById(rich.accountId)).toMatchObject({ credits: 98_000, holds: { length: 20 } });
  expect(await findById(poor.accountId)).toMatchObject({ credits: 50, holds: { length: 2 } });
});

test("settles that end together each close their own hold once, repeated or not", async () => {
  const some = [await customer(10_000), await customer(10_000)];
  const held = await Promise.all([...some, ...some, ...some].map(({ digest }) => hold(digest)));
  const closings = held.map((each) => ({ accountId: each.accountId, hold: each.hold, cost: 7, kept: false }));
  await Promise.all([...closings, ...closings].map((each) => settleTogether(each)));
  for (const { accountId } of some)
    expect(await findById(accountId)).toMatchObject({ credits: 10_000 - 21, charged: 21, holds: [] });
});
