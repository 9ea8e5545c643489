import { MongoClient } from "mongodb";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import type { Transfer } from "@/lib/transfers/schema";
import type { Wallet } from "@/lib/wallets/schema";
import { operatorOf } from "../support/cli";
import {
  freePort,
  launch,
  stopAll,
  waitForHealth,
  type LaunchedProcess,
} from "../support/processes";
import {
  actorsOf,
  hasAnvil,
  keyOf,
  startChainDeployment,
  type ChainDeployment,
} from "./chain-deployment";

const TREASURY = "0x4f6e654b65790000000000000000000000000001";
const CONFIRMATIONS = 6;

describe.skipIf(!hasAnvil)("a server that is killed", () => {
  let deployment: ChainDeployment;
  let environment: Record<string, string>;
  let client: MongoClient;
  let operator: ReturnType<typeof operatorOf>;

  beforeAll(async () => {
    deployment = await startChainDeployment();
    const port = await freePort();
    environment = {
      ONEKEY_MODE: "sandbox",
      ONEKEY_DATA_DIR: deployment.dataDir,
      ONEKEY_SANDBOX_BASE: deployment.nodes.base.url,
      BASE_CONFIRMATIONS: String(CONFIRMATIONS),
      HOST: "127.0.0.1",
      PORT: String(port),
    };
    operator = operatorOf(environment, { isSteady: true });
    await launch({ script: "dist/database.js", environment, ready: /"ready":true/ });
    client = await new MongoClient(embeddedUri(path.join(deployment.dataDir, "sandbox"))).connect();
  });
  afterAll(async () => {
    await client?.close();
    await stopAll();
    await deployment?.stop();
  });

  test("credits a payment that was pending, once, when it is back", async () => {
    const on = actorsOf(deployment);
    const payer = keyOf(2).address;
    const db = client.db("onekey");
    let server = await startServer();
    const { email } = await operator.createCustomer();
    const account = await db.collection<{ _id: string }>("accounts").findOne({ email } as object);
    await db.collection<Wallet>("wallets").insertOne({
      _id: payer.toLowerCase(),
      address: payer.toLowerCase(),
      accountId: String(account?._id),
      chain: null,
      linkedAt: new Date(),
    });
    await on.give("base", payer, 100);
    await on.send({ chain: "base", from: payer, to: TREASURY, dollars: 33 });

    const transfer = () => db.collection<Transfer>("transfers").findOne({});
    await expect.poll(async () => (await transfer())?.state).toBe("seen");
    await server.stop("SIGKILL");
    expect(await creditsOf(email)).toBe(0);
    await on.mine("base", CONFIRMATIONS);

    server = await startServer();
    await expect.poll(async () => (await transfer())?.state).toBe("credited");
    expect(await creditsOf(email)).toBe(33_000_000_000);

    // Killed between the credit and the note of it, and searched once more.
    await server.stop("SIGKILL");
    await db
      .collection<Transfer>("transfers")
      .updateMany({}, { $set: { state: "seen", checkAt: new Date(0) } });
    await db.collection("cursors").deleteMany({});
    server = await startServer();
    await expect.poll(async () => (await transfer())?.state).toBe("credited");
    expect(await creditsOf(email)).toBe(33_000_000_000);
    expect(await db.collection("ledger").countDocuments({ kind: "purchase" })).toBe(1);
    expect(await operator.auditProblems()).toEqual([]);
    await server.stop();
  });

  async function startServer(): Promise<LaunchedProcess> {
    const server = await launch({ script: "dist/server.js", environment, hasPages: false });
    await waitForHealth(`http://127.0.0.1:${environment.PORT}`);
    return server;
  }

  async function creditsOf(email: string): Promise<unknown> {
    return (await operator.showAccount(email)).credits_nano;
  }
});
