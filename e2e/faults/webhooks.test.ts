import path from "node:path";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import { MongoClient } from "mongodb";
import { afterAll, expect, test } from "vitest";
import type { WebhookDelivery } from "@/lib/webhook-deliveries/schema";
import type { WebhookEndpoint } from "@/lib/webhook-endpoints/schema";
import { startReceiver } from "@/lib/webhooks/testing/receiver";
import { Deployment } from "../support/deployment";

const receiver = await startReceiver();
const deployment = await Deployment.open(["one", "two"]);
const client = await new MongoClient(
  embeddedUri(path.join(deployment.dataDir, "sandbox")),
).connect();
const database = client.db("onekey");
const deliveries = database.collection<WebhookDelivery>("webhook_deliveries");
const accountId = "usr_faults";
const endpointId = "whe_faults";

afterAll(async () => {
  await client.close();
  await deployment.close();
  await receiver.close();
});

const delivery = (id: string): WebhookDelivery => ({
  _id: `msg_${id}`,
  accountId,
  endpointId,
  type: "key.created",
  payload: "{}",
  createdAt: new Date(),
  state: "pending",
  nextAt: new Date(),
  attempts: [],
  attemptCount: 0,
  isSingle: false,
  expires: new Date(Date.now() + 3_600_000),
});
const receivedIds = () => receiver.events.map(({ headers }) => headers["webhook-id"]);
const stateOf = async (id: string) => (await deliveries.findOne({ _id: `msg_${id}` }))?.state;

test("two servers send each delivery once; one that was killed while it sent leaves it to another", async () => {
  await database.collection<WebhookEndpoint>("webhook_endpoints").insertOne({
    _id: endpointId,
    accountId,
    url: receiver.url,
    events: ["key.created"],
    secrets: [{ salt: "salt", createdAt: new Date(0) }],
    createdAt: new Date(),
    activeSince: new Date(0),
    creator: { kind: "person", id: accountId, name: "Mira" },
  });
  const ids = Array.from({ length: 20 }, (_, index) => `many${index}`);
  await deliveries.insertMany(ids.map(delivery));
  await expect.poll(() => deliveries.countDocuments({ state: "delivered" })).toBe(ids.length);
  expect(receivedIds().toSorted()).toEqual(ids.map((id) => `msg_${id}`).toSorted());

  // The receiver has the event and does not respond: its sender is killed before it can record anything.
  receiver.respondWith(() => undefined);
  await deliveries.insertOne(delivery("killed"));
  await expect.poll(() => receivedIds().at(-1)).toBe("msg_killed");
  for (const name of ["one", "two"]) await deployment.stopServer(name, "SIGKILL");
  expect(await deliveries.findOne({ _id: "msg_killed" })).toMatchObject({
    state: "pending",
    attemptCount: 0,
    claim: expect.stringMatching(/^snd_/),
  });
  receiver.respondWith((res) => void res.writeHead(204).end());
  // Its lease has passed.
  await deliveries.updateOne({ _id: "msg_killed" }, { $set: { nextAt: new Date() } });
  await deployment.startServer("two");
  await expect.poll(() => stateOf("killed")).toBe("delivered");
  expect(receivedIds().filter((id) => id === "msg_killed")).toHaveLength(2);
});
