import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "@onekey/embedded-mongo";
import { MongoClient } from "mongodb";
import { afterAll, expect, test } from "vitest";
import { EMBEDDED } from "@/lib/db/client";
import { useOwnDatabase } from "@/lib/db/own-database";
import { goesByDriver } from "@/lib/db/testing/test-conditions";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { regenerateKey } from "@/lib/keys/regenerate";
import { recordAll } from "@/lib/usage/record";
import { NO_TOKENS, type UsageRow } from "@/lib/usage/schema";
import { copyWhatIsOnDisk } from "@/packages/embedded-mongo/testing/copy-what-is-on-disk";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import type { Account } from "./schema";
import { settleHolds } from "./settle";

useOwnDatabase(ensureIndexes);

const base = mkdtempSync(path.join(tmpdir(), "onekey-power-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const CREDITS = 1_000_000;
const REQUESTS = 10;
const COST = 70;

const rowOf = ({ accountId, projectId, hold }: PlacedHold): UsageRow => ({
  _id: hold.id,
  accountId,
  projectId,
  at: new Date(hold.at),
  model: hold.model,
  provider: "openai",
  channel: "openai",
  endpoint: hold.endpoint,
  stream: false,
  status: 200,
  endedBy: "complete",
  tokens: NO_TOKENS,
  cost: COST,
  free: false,
  latencyMs: 1,
  firstByteMs: 1,
  usageSource: "provider",
});

/** The account and its rows as they are on the disk now. */
async function readDisk(name: string) {
  const server = await startEmbedded({
    dir: copyWhatIsOnDisk(env().dataDir, path.join(base, name)),
  });
  const client = await new MongoClient(server.uri).connect();
  const db = client.db(EMBEDDED);
  const account = await db.collection<Account>("accounts").findOne();
  const rows = await db.collection<UsageRow>("usage").find().toArray();
  await client.close();
  await server.close();
  return { account, rows };
}

test.skipIf(goesByDriver)(
  "a settled request survives a power cut with its row, and the books balance",
  async () => {
    const { _id: accountId, projects } = await createAccount({ email: "power@example.com" });
    const projectId = projects[0]?.id ?? "";
    const digest = digestOf(await regenerateKey({ accountId, projectId }), env().keyPepper);
    await accounts.updateOne(
      { _id: accountId },
      { $set: { credits: CREDITS, posted: CREDITS, "free.requests": 0 } },
    );
    for (let settledCount = 1; settledCount <= REQUESTS; settledCount++) {
      const placedHold = await placeHold({
        requestId: `req_${settledCount}`,
        digest,
        model: "gpt-6-luna",
        endpoint: "chat.completions",
        address: "127.0.0.1",
        maxCost: 100,
        expectedCost: 100,
        by: "ins_1",
        now: Date.now(),
      });
      const [row] = await recordAll([rowOf(placedHold)]);
      expect(row).toMatchObject({ _id: `req_${settledCount}` });
      const { hold } = placedHold;
      expect(await settleHolds([{ accountId, hold, cost: COST, kept: false }])).toEqual([
        undefined,
      ]);
      const { account, rows } = await readDisk(`after ${settledCount}`);
      expect(rows).toHaveLength(settledCount);
      expect(account).toMatchObject({
        credits: CREDITS - settledCount * COST,
        charged: settledCount * COST,
        holds: [],
      });
    }
  },
);
