import { Webhook } from "standardwebhooks";
import { afterAll, expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { useOwnDatabase } from "@/lib/db/own-database";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createManagementKey } from "@/lib/management-keys/create";
import { ManagementScope } from "@/lib/management-keys/schema";
import { listEndpoints } from "@/lib/webhook-endpoints/queries";
import { startReceiver, withStatus } from "@/lib/webhooks/testing/receiver";
import { serveManagement } from "./serve";

useOwnDatabase(ensureIndexes);

const receiver = await startReceiver();
afterAll(receiver.close);
let count = 0;

async function customer() {
  const { _id: accountId } = await createAccount({ email: `w${++count}@example.com` });
  const creator = { kind: "person", id: accountId, name: "Mira" } as const;
  const scopes = [...ManagementScope.options];
  const { secret } = await createManagementKey({ accountId, name: "deploy-bot", scopes, creator });
  return { accountId, secret };
}

type CallOptions = { body?: unknown; headers?: Record<string, string> };

async function call(secret: string, target: string, { body, headers = {} }: CallOptions = {}) {
  const [method = "", path = ""] = target.split(" ");
  const response = await serveManagement(
    new Request(`http://127.0.0.1/v1/manage${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const json = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, json, etag: response.headers.get("etag") ?? "" };
}

/** An account with an endpoint that the API added. */
async function receivingCustomer() {
  const owner = await customer();
  const body = { url: receiver.url, events: ["payment.failed"] };
  const creation = await call(owner.secret, "POST /webhooks", { body });
  expect(creation.status).toBe(201);
  const { id, secret: signingSecret } = creation.json as { id: string; secret: string };
  return { ...owner, id, path: `/webhooks/${id}`, signingSecret, etag: creation.etag };
}

test("an endpoint is added, tested, changed, rotated and deleted, each in the audit log", async () => {
  const { accountId, secret, path, signingSecret, etag } = await receivingCustomer();
  const read = await call(secret, `GET ${path}`);
  expect(read.json).toMatchObject({
    url: receiver.url,
    status: "active",
    created_by: "deploy-bot",
  });
  expect(read.json).not.toHaveProperty("secret");
  expect(read.etag).toBe(etag);
  expect((await call(secret, `POST ${path}/test`)).json).toMatchObject({ status: 204 });
  const event = receiver.events.at(-1);
  expect(new Webhook(signingSecret).verify(event?.body ?? "", event?.headers ?? {})).toMatchObject({
    type: "test.ping",
  });
  // What a delivery notes of the endpoint is no change of its settings.
  const change = await call(secret, `PATCH ${path}`, {
    body: { events: ["key.created", "payment.failed"] },
    headers: { "if-match": etag },
  });
  expect(change).toMatchObject({
    status: 200,
    json: { events: ["key.created", "payment.failed"] },
  });
  const rotation = await call(secret, `POST ${path}/rotate`, { body: { overlap: "day" } });
  expect(rotation.json.secret).toMatch(/^whsec_/);
  expect(rotation.json.secret).not.toBe(signingSecret);
  expect(await call(secret, `DELETE ${path}`)).toMatchObject({ status: 204 });
  expect(await call(secret, `GET ${path}`)).toMatchObject({ status: 404 });
  const entries = await listAuditEntries({ accountId, limit: 10 });
  expect(entries.map(({ type, actor }) => [type, actor.name])).toEqual(
    ["deleted", "secret_rotated", "changed", "created"].map((verb) => [
      `webhook.${verb}`,
      "deploy-bot",
    ]),
  );
  expect(JSON.stringify(entries)).not.toContain(signingSecret.slice(6));
});

test("of changes for the same version, one is made", async () => {
  const { secret, path, etag, accountId } = await receivingCustomer();
  expect((await call(secret, `PATCH ${path}`, { body: {} })).status).toBe(428);
  const change = (event: string) =>
    call(secret, `PATCH ${path}`, { body: { events: [event] }, headers: { "if-match": etag } });
  const events = ["key.created", "key.rotated", "key.revoked", "key.leaked"];
  const responses = await Promise.all(events.map(change));
  expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412]);
  const accepted = responses.find(({ status }) => status === 200);
  expect((await listEndpoints(accountId))[0]?.events).toEqual(accepted?.json.events);
  expect((await call(secret, `GET ${path}`)).etag).toBe(accepted?.etag);
});

test("an endpoint that is added twice with an Idempotency-Key is one, with the same secret", async () => {
  const { accountId, secret } = await customer();
  const options = {
    body: { url: receiver.url, events: ["key.created"] },
    headers: { "idempotency-key": "hook-1" },
  };
  const first = await call(secret, "POST /webhooks", options);
  expect(await call(secret, "POST /webhooks", options)).toEqual(first);
  const otherBody = { ...options, body: { ...options.body, events: ["key.revoked"] } };
  expect((await call(secret, "POST /webhooks", otherBody)).status).toBe(409);
  expect(await listEndpoints(accountId)).toHaveLength(1);
});

test.each([
  [{ url: "https://10.0.0.1/hook", events: ["key.created"] }, "url"],
  [{ url: "https://[::ffff:10.0.0.1]/hook", events: ["key.created"] }, "url"],
  [{ url: "https://[::ffff:a00:1]/hook", events: ["key.created"] }, "url"],
  [{ url: "https://0x0a000001/hook", events: ["key.created"] }, "url"],
  [{ url: "https://167772161/hook", events: ["key.created"] }, "url"],
  [{ url: "https://169.254.169.254/latest", events: ["key.created"] }, "url"],
  [{ url: "https://[fd00::1]/hook", events: ["key.created"] }, "url"],
  [{ url: "https://[64:ff9b::a00:1]/hook", events: ["key.created"] }, "url"],
  [{ url: "ftp://example.com/hook", events: ["key.created"] }, "url"],
  [{ url: "https://127.0.0.1:80/hook", events: ["key.created"] }, "url"],
  [{ url: 7, events: ["key.created"] }, "url"],
  [{ events: ["key.created"] }, "url"],
  [{ url: "http://127.0.0.1:9999/hook", events: [] }, "events"],
  [{ url: "http://127.0.0.1:9999/hook", events: ["request.content"] }, "events.0"],
  [{ url: "http://127.0.0.1:9999/hook", events: ["key.created"], secret: "x" }, "secret"],
])("the endpoint %j is a 400 that names %s, and nothing is kept", async (body, param) => {
  const { accountId, secret } = await customer();
  expect(await call(secret, "POST /webhooks", { body })).toMatchObject({
    status: 400,
    json: { error: { code: "bad_request", param } },
  });
  expect(await listEndpoints(accountId)).toEqual([]);
  expect(await listAuditEntries({ accountId, limit: 10 })).toEqual([]);
});

test("deliveries are read in pages and by state, and sent again under their id", async () => {
  const { secret, path, id } = await receivingCustomer();
  receiver.respondWith(withStatus(500));
  for (let i = 0; i < 3; i++) await call(secret, `POST ${path}/test`);
  receiver.respondWith(withStatus(204));
  const first = await call(secret, "GET /webhook-deliveries?limit=2&state=failed");
  const next = String(first.json.next);
  const last = await call(secret, `GET /webhook-deliveries?limit=2&webhook=${id}&after=${next}`);
  const deliveries = [first, last].flatMap(({ json }) => json.data as { id: string }[]);
  expect(new Set(deliveries.map((delivery) => delivery.id)).size).toBe(3);
  expect(last.json.next).toBeNull();
  const [delivery] = deliveries;
  const replay = await call(secret, `POST /webhook-deliveries/${delivery?.id}/replay`);
  expect(replay).toMatchObject({ status: 200, json: { status: 204, problem: null } });
  expect(receiver.events.at(-1)?.headers["webhook-id"]).toBe(delivery?.id);
  const list = await call(secret, "GET /webhook-deliveries?state=delivered");
  expect(list.json.data).toMatchObject([{ id: delivery?.id, attempt_count: 2 }]);
  for (const query of ["state=lost", "after=x", "limit=0"])
    expect((await call(secret, `GET /webhook-deliveries?${query}`)).status).toBe(400);
});

test("another account's endpoint and delivery are the same 404 as missing ones", async () => {
  const [theirs, owner] = [await receivingCustomer(), await customer()];
  await call(theirs.secret, `POST ${theirs.path}/test`);
  const { json } = await call(theirs.secret, "GET /webhook-deliveries");
  const [delivery] = json.data as { id: string }[];
  const before = await listEndpoints(theirs.accountId);
  const eventCount = receiver.events.length;
  const headers = { "if-match": "*" };
  const targets: [target: string, body?: object][] = [
    ["GET /webhooks/{webhook}"],
    ["PATCH /webhooks/{webhook}", { events: ["key.created"] }],
    ["DELETE /webhooks/{webhook}"],
    ["POST /webhooks/{webhook}/rotate", { overlap: "none" }],
    ["POST /webhooks/{webhook}/test"],
    ["POST /webhook-deliveries/{delivery}/replay"],
  ];
  for (const [target, body] of targets) {
    const [foreign, missing] = [
      target.replace("{webhook}", theirs.id).replace("{delivery}", delivery?.id ?? ""),
      target.replace("{webhook}", "whe_none").replace("{delivery}", "msg_none"),
    ];
    const response = await call(owner.secret, foreign, { body, headers });
    expect(response.status, target).toBe(404);
    expect(await call(owner.secret, missing, { body, headers })).toEqual(response);
  }
  const foreignList = await call(owner.secret, `GET /webhook-deliveries?webhook=${theirs.id}`);
  expect(foreignList.json).toEqual({ data: [], next: null });
  expect(await listEndpoints(theirs.accountId)).toEqual(before);
  expect(receiver.events).toHaveLength(eventCount);
});
