import { Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { directly } from "@/lib/db/client";
import { goesByDriver } from "@/lib/db/testing/test-conditions";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { regenerateKey } from "@/lib/keys/regenerate";
import { findById } from "./queries";
import { settleHolds } from "./settle";

const OP_MSG = 2013;

useOwnDatabase(ensureIndexes);
afterEach(() => vi.restoreAllMocks());

/** Cuts the connection of the next command that is named, before it arrives or before its response does. */
function cutOnce(command: string, where: "on its way" | "answered"): void {
  const { write } = Socket.prototype;
  let id = 0;
  vi.spyOn(Socket.prototype, "write").mockImplementation(function (
    this: Socket,
    ...parameters: unknown[]
  ) {
    const [bytes] = parameters;
    const pass = () => Reflect.apply(write, this, parameters) as boolean;
    if (!Buffer.isBuffer(bytes) || bytes.length < 32 || bytes.readInt32LE(12) !== OP_MSG || id < 0)
      return pass();
    const isIt = id === 0 && bytes.toString("latin1", 26, 26 + command.length) === command;
    if (isIt) id = bytes.readInt32LE(4);
    if (
      id === 0 ||
      !(isIt ? where === "on its way" : where === "answered" && bytes.readInt32LE(8) === id)
    )
      return pass();
    id = -1;
    this.destroy();
    return false;
  });
}

async function customer() {
  const account = await createAccount({ email: `${crypto.randomUUID()}@example.com` });
  const projectId = account.projects[0]?.id ?? "";
  const digest = digestOf(
    await regenerateKey({ accountId: account._id, projectId }),
    env().keyPepper,
  );
  await accounts.updateOne(
    { _id: account._id },
    { $set: { credits: 1_000, posted: 1_000, "free.requests": 0 } },
  );
  return { accountId: account._id, digest };
}

const hold = (digest: string, amount: number): Promise<PlacedHold> =>
  placeHold({
    requestId: `req_${crypto.randomUUID()}`,
    digest,
    model: "gpt-6-luna",
    endpoint: "chat.completions",
    address: "127.0.0.1",
    maxCost: amount,
    expectedCost: amount,
    by: "ins_1",
    now: Date.now(),
  });

const untilDirect = () => expect.poll(directly, { interval: 2 }).not.toBeNull();

// The driver sends a command again itself: these are about the connection without it.
test.skipIf(goesByDriver).each(["on its way", "answered"] as const)(
  "a hold is placed once when the connection breaks while it is %s",
  async (where) => {
    const { accountId, digest } = await customer();
    await hold(digest, 1);
    await untilDirect();
    cutOnce("update", where);
    const placedHolds = await Promise.all([hold(digest, 100), hold(digest, 100)]);
    const account = await findById(accountId);
    expect(account).toMatchObject({ credits: 1_000 - 201, holds: { length: 3 } });
    expect(account?.holds.slice(1).map(({ id }) => id)).toEqual(
      expect.arrayContaining(placedHolds.map(({ hold: { id } }) => id)),
    );
  },
);

// The driver sends a command again itself: these are about the connection without it.
test.skipIf(goesByDriver).each(["on its way", "answered"] as const)(
  "a hold is settled once when the connection breaks while its settle is %s",
  async (where) => {
    const { accountId, digest } = await customer();
    const placedHolds = await Promise.all([hold(digest, 100), hold(digest, 100)]);
    const closings = placedHolds.map(({ hold: placedHold }) => ({
      accountId,
      hold: placedHold,
      cost: 7,
      kept: false,
    }));
    await untilDirect();
    cutOnce("update", where);
    await settleHolds(closings);
    expect(await findById(accountId)).toMatchObject({ credits: 986, charged: 14, holds: [] });
  },
);
