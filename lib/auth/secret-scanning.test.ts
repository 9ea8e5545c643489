import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { addEndpoint } from "@/lib/webhooks/endpoints";
import { newKey } from "@/lib/ids";
import { createKey } from "@/lib/keys/create";
import { createManagementKey } from "@/lib/management-keys/create";
import { listManagementKeys } from "@/lib/management-keys/queries";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { handleSecretScanning } from "./secret-scanning";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
const IDENTIFIER = "f9525bf080f75b3506ca1ead061add62b8633a346606dc5fe544e29231c6ee0d";
const mails: { to: string; subject: string; text: string }[] = [];
let count = 0;

/** What GitHub publishes under /keys, and what Resend takes under /emails. */
const outside: Server = createServer(async (req, res) => {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  res.setHeader("content-type", "application/json");
  if (req.url === "/keys") {
    const key = pair.publicKey.export({ type: "spki", format: "pem" });
    const list = [{ key_identifier: IDENTIFIER, key, is_current: true }];
    return void res.end(JSON.stringify({ public_keys: list }));
  }
  mails.push(JSON.parse(Buffer.concat(chunks).toString()) as (typeof mails)[number]);
  res.end(JSON.stringify({ id: "mail" }));
});

beforeAll(async () => {
  outside.listen(0, "127.0.0.1");
  await once(outside, "listening");
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  vi.stubEnv("ONEKEY_SANDBOX_SECRET_SCANNING", `${url}/keys`);
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", url);
});
useOwnDatabase(ensureIndexes);
afterAll(() => void outside.close());

function report(
  matches: unknown,
  { key = pair.privateKey, identifier = IDENTIFIER }: { key?: KeyObject; identifier?: string } = {},
) {
  const body = Buffer.from(JSON.stringify(matches));
  return new Request("http://127.0.0.1/api/github/secret-scanning", {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "github-public-key-identifier": identifier,
      "github-public-key-signature": sign("sha256", body, key).toString("base64"),
    },
  });
}

async function owner() {
  const email = `leak${++count}@example.com`;
  const { _id: accountId, projects } = await createAccount({ email });
  const { secret } = await createKey({
    accountId,
    projectId: projects[0]?.id ?? "",
    name: "production",
  });
  await addEndpoint({
    accountId,
    url: "http://127.0.0.1:4009/hook",
    events: ["key.leaked", "key.revoked"],
    creator: { kind: "person", id: accountId, name: "Mira" },
  });
  return { email, accountId, secret };
}

/** The webhook events that were recorded for an account, by their type. */
const eventsOf = async (accountId: string) =>
  (await listDeliveries({ accountId, limit: 10 }))
    .map(({ payload }) => JSON.parse(payload) as { type: string; data: object })
    .toSorted((a, b) => a.type.localeCompare(b.type));
const SEEN_AT = "https://github.com/octocat/Hello-World/blob/main/.env";
const matchOf = (token: string) => ({ token, type: "onekey_api_key", url: SEEN_AT });

test("a key in a signed report is revoked, and its owner gets one mail", async () => {
  const { email, accountId, secret } = await owner();
  const foreign = newKey();
  const response = await handleSecretScanning(report([matchOf(secret), matchOf(foreign)]));
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject([
    { token_type: "onekey_api_key", label: "true_positive" },
    { label: "false_positive" },
  ]);
  expect(text).not.toContain(secret);
  expect((await findById(accountId))?.keys).toBeUndefined();
  const secondResponse = await handleSecretScanning(report([matchOf(secret)]));
  expect(await secondResponse.json()).toMatchObject([{ label: "true_positive" }]);
  const toOwner = mails.filter(({ to }) => [to].flat().includes(email));
  expect(toOwner).toHaveLength(1);
  expect(toOwner[0]?.subject).toContain("production");
  expect(toOwner[0]?.text).toContain(SEEN_AT);
  expect(JSON.stringify(toOwner)).not.toContain(secret);
  const events = await eventsOf(accountId);
  expect(events).toMatchObject([
    { type: "key.leaked", data: { key: { kind: "model", name: "production" }, seen_at: SEEN_AT } },
    { type: "key.revoked", data: { actor: { kind: "service" } } },
  ]);
  expect(JSON.stringify(events)).not.toContain(secret);
});

test("a management key in a signed report is revoked too, and its owner gets one mail", async () => {
  const { email, accountId } = await owner();
  const creator = { kind: "person", id: accountId, name: "Mira" } as const;
  const managementKey = { accountId, name: "deploy-bot", scopes: ["keys" as const], creator };
  const { secret } = await createManagementKey(managementKey);
  for (let i = 0; i < 2; i++) {
    const response = await handleSecretScanning(report([matchOf(secret)]));
    expect(await response.json()).toMatchObject([{ label: "true_positive" }]);
  }
  expect(await listManagementKeys(accountId)).toEqual([]);
  const toOwner = mails.filter(({ to }) => [to].flat().includes(email));
  expect(toOwner).toHaveLength(1);
  expect(toOwner[0]?.subject).toContain("deploy-bot");
  expect(await eventsOf(accountId)).toMatchObject([
    { type: "key.leaked", data: { key: { kind: "management", project: null } } },
    { type: "key.revoked", data: { key: { kind: "management" } } },
  ]);
  expect(toOwner[0]?.text).toContain("/dashboard/settings/management-keys");
  expect(JSON.stringify(toOwner)).not.toContain(secret);
  const [entry] = await listAuditEntries({ accountId, limit: 1 });
  expect(entry).toMatchObject({ type: "management_key.revoked", actor: { kind: "service" } });
});

test.each([
  ["another key's signature", { key: stranger.privateKey }],
  ["an unknown identifier", { identifier: "0".repeat(64) }],
])("a report with %s changes nothing", async (_, options) => {
  const { accountId, secret } = await owner();
  const response = await handleSecretScanning(report([matchOf(secret)], options));
  expect(response.status).toBe(401);
  expect((await findById(accountId))?.keys).toHaveLength(1);
});

test("a report that was changed after it was signed, or has no signature, changes nothing", async () => {
  const { accountId, secret } = await owner();
  const signedRequest = report([matchOf(newKey())]);
  const body = JSON.stringify([matchOf(secret)]);
  const changedRequest = new Request(signedRequest.url, {
    method: "POST",
    body,
    headers: signedRequest.headers,
  });
  const unsignedRequest = new Request(signedRequest.url, { method: "POST", body });
  for (const request of [changedRequest, unsignedRequest])
    expect((await handleSecretScanning(request)).status).toBe(401);
  expect((await findById(accountId))?.keys).toHaveLength(1);
});

test("a signed body that is no report is a 400, a long one a 413, and without the setting a 404", async () => {
  expect((await handleSecretScanning(report({ token: "x" }))).status).toBe(400);
  const long = [matchOf("x".repeat(1_100_000))];
  expect((await handleSecretScanning(report(long))).status).toBe(413);
  vi.stubEnv("ONEKEY_SANDBOX_SECRET_SCANNING", "");
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  expect((await handleSecretScanning(report([]))).status).toBe(404);
});
