import { beforeAll, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold } from "./hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { setLimits } from "./limits";
import { findById } from "./queries";

const SET_AT = Date.UTC(2026, 10, 24, 12);
let [accountId, projectId, digest, count] = ["", "", "", 0];

useOwnDatabase(ensureIndexes);

beforeAll(async () => {
  const account = await createAccount({ email: "guard@example.com" });
  accountId = account._id;
  projectId = account.projects[0]?.id ?? "";
  digest = digestOf(await regenerateKey({ accountId, projectId }), env().keyPepper);
  await accounts.updateOne(
    { _id: accountId },
    { $set: { credits: 10_000, posted: 10_000, "free.requests": 0 } },
  );
});

/** A hold for a request whose price rose at an instant. */
const hold = (roseAt: number) =>
  placeHold({
    requestId: `req_${++count}`,
    digest,
    model: "gemini-4-argon",
    endpoint: "chat",
    address: "127.0.0.1",
    maxCost: 10,
    expectedCost: 10,
    by: "ins_1",
    now: SET_AT,
    roseSince: (since) => since < roseAt,
  });
const guard = (priceGuard: boolean, now: number) =>
  setLimits({ accountId, projectId, limits: { priceGuard }, now });
const credits = async () => (await findById(accountId))?.credits;

test("a request above the guarded price is a 402 that says so, and holds nothing", async () => {
  await hold(SET_AT + 1);
  const before = await credits();
  await guard(true, SET_AT);
  await expect(hold(SET_AT + 1)).rejects.toMatchObject({
    code: "insufficient_credits",
    message: expect.stringMatching(
      /price guard of the project .* gemini-4-argon costs more than on 24 Nov 2026/,
    ),
  });
  expect(await credits()).toBe(before);
  await hold(SET_AT);
});

test("saving limits keeps the guard's day; setting the guard again accepts new prices", async () => {
  await guard(true, SET_AT + 1_000);
  await expect(hold(SET_AT + 1)).rejects.toThrow("price guard");
  await guard(false, SET_AT + 1_000);
  await hold(SET_AT + 1);
  await guard(true, SET_AT + 2_000);
  await hold(SET_AT + 1);
});

test("a new guard applies from the next request, despite the cached account", async () => {
  await guard(false, SET_AT);
  await hold(SET_AT + 1);
  await accounts.updateOne(
    { _id: accountId },
    { $set: { "projects.0.priceGuard": { at: SET_AT } }, $inc: { rulesVersion: 1 } },
  );
  await expect(hold(SET_AT + 1)).rejects.toThrow("price guard");
});
