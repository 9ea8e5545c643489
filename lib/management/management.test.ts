// Longer than 300 lines: one API, whose operations share a customer and its management keys.
import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { setLimits } from "@/lib/accounts/limits";
import { findById } from "@/lib/accounts/queries";
import { collection } from "@/lib/db/collection";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { audited } from "@/lib/audit-log/record";
import { regenerateKey } from "@/lib/keys/regenerate";
import { createManagementKey } from "@/lib/management-keys/create";
import { listManagementKeys } from "@/lib/management-keys/queries";
import { rotateManagementKey } from "@/lib/management-keys/rotate";
import { revokeManagementKey } from "@/lib/management-keys/revoke";
import {
  MANAGEMENT_KEYS_MAX,
  ManagementScope,
  type SavedResponse,
} from "@/lib/management-keys/schema";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { post } from "@/lib/ledger/post";
import { REQUESTS_PER_MINUTE } from "./rate-limit";
import { serveManagement } from "./serve";

useOwnDatabase(ensureIndexes);

const CREDIT = 1_000_000_000;
let count = 0;

const projectOf = async (accountId: string) => (await findById(accountId))?.projects[0];

async function customer(scopes: ManagementScope[] = ["read", "keys", "limits"]) {
  const { _id: accountId, projects } = await createAccount({ email: `m${++count}@example.com` });
  const projectId = projects[0]?.id ?? "";
  const creator = { kind: "person", id: accountId, name: "Mira" } as const;
  const managementKey = await createManagementKey({
    accountId,
    name: "deploy-bot",
    scopes,
    creator,
  });
  return { accountId, projectId, secret: managementKey.secret, keyId: managementKey.key._id };
}

type CallOptions = { body?: unknown; headers?: Record<string, string> };

async function call(secret: string, target: string, { body, headers = {} }: CallOptions = {}) {
  const [method = "", path = ""] = target.split(" ");
  const response = await serveManagement(
    new Request(`http://127.0.0.1/v1/manage${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, "user-agent": "curl/8.11", ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const json = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> & {
    error?: { code: string; param: string | null };
  };
  return { status: response.status, json, etag: response.headers.get("etag") ?? "" };
}

test("a key is created, read, limited, rotated and revoked, each in the audit log", async () => {
  const { accountId, projectId, secret } = await customer();
  const creation = await call(secret, `POST /projects/${projectId}/keys`, {
    body: {
      name: "zendesk-sync",
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      limits: { credits_per_month: "20.00" },
    },
  });
  expect(creation.status).toBe(201);
  expect(creation.json).toMatchObject({
    name: "zendesk-sync",
    status: "active",
    secret: expect.stringMatching(/^sk-onekey-\w{49}$/),
    limits: { credits_per_month: "20.000000000", credits_per_day: null },
  });
  const path = `/keys/${String(creation.json.id)}`;
  const read = await call(secret, `GET ${path}`);
  expect(read.json).not.toHaveProperty("secret");
  expect(read.etag).toBe(creation.etag);
  const change = await call(secret, `PATCH ${path}`, {
    body: { limits: { requests_per_minute: 60 } },
    headers: { "if-match": read.etag },
  });
  expect(change).toMatchObject({ status: 200, json: { limits: { requests_per_minute: 60 } } });
  const rotation = await call(secret, `POST ${path}/rotate`, { body: { overlap: "day" } });
  expect(rotation.json.secret).not.toBe(creation.json.secret);
  expect(rotation.json.old_secrets).toHaveLength(1);
  expect(await call(secret, `DELETE ${path}`)).toMatchObject({ status: 204 });
  expect((await call(secret, `GET ${path}`)).json).toMatchObject({ status: "revoked" });
  const entries = await listAuditEntries({ accountId, limit: 10 });
  expect(entries.map(({ type }) => type)).toEqual([
    "key.revoked",
    "key.rotated",
    "key.changed",
    "key.created",
  ]);
  for (const { actor, client } of entries)
    expect([actor.kind, actor.name, client]).toEqual(["management_key", "deploy-bot", "curl/8.11"]);
});

test("projects and limits are changed only by the version that was read", async () => {
  const { accountId, projectId, secret } = await customer();
  for (const path of ["/limits", `/projects/${projectId}/limits`]) {
    const read = await call(secret, `GET ${path}`);
    const body = { credits_per_day: "5.00" };
    expect(await call(secret, `PUT ${path}`, { body })).toMatchObject({
      status: 428,
      json: { error: { code: "precondition_required" } },
    });
    const headers = { "if-match": read.etag };
    expect(await call(secret, `PUT ${path}`, { body, headers })).toMatchObject({
      status: 200,
      json: { credits_per_day: "5.000000000" },
    });
    expect(await call(secret, `PUT ${path}`, { body: {}, headers })).toMatchObject({
      status: 412,
    });
  }
  const account = await findById(accountId);
  expect(account?.limits).toEqual({ creditsPerDay: 5_000_000_000 });
  expect(account?.projects[0]?.limits).toEqual({ creditsPerDay: 5_000_000_000 });
});

test("limits of a project that are put leave its models, addresses and websites", async () => {
  const { accountId, projectId, secret } = await customer();
  const lists = {
    models: ["claude-haiku-5-5"],
    addresses: ["203.0.113.0/24"],
    origins: ["https://app.example.com"],
    priceGuard: true,
  };
  await setLimits({ accountId, projectId, limits: lists });
  const before = await projectOf(accountId);
  const options = { body: { credits_per_day: "5.00" }, headers: { "if-match": "*" } };
  expect((await call(secret, `PUT /projects/${projectId}/limits`, options)).status).toBe(200);
  expect(await projectOf(accountId)).toEqual({ ...before, limits: { creditsPerDay: 5 * CREDIT } });
});

test("of two renames for the same version, one changes the project", async () => {
  const { accountId, projectId, secret } = await customer();
  const path = `/projects/${projectId}`;
  const { etag } = await call(secret, `GET ${path}`);
  const rename = (name: string) =>
    call(secret, `PATCH ${path}`, { body: { name }, headers: { "if-match": etag } });
  const responses = await Promise.all(["a", "b", "c", "d"].map(rename));
  const statuses = responses.map(({ status }) => status).toSorted();
  expect(statuses).toEqual([200, 412, 412, 412]);
  const renamed = responses.find(({ status }) => status === 200);
  expect((await projectOf(accountId))?.name).toBe(renamed?.json.name);
});

test("an error names the field as the body spells it", async () => {
  const { projectId, secret } = await customer();
  const late = new Date(Date.now() + 20 * 366 * 86_400_000).toISOString();
  for (const expires_at of ["2001-01-01T00:00:00Z", late])
    expect(
      await call(secret, `POST /projects/${projectId}/keys`, { body: { name: "x", expires_at } }),
    ).toMatchObject({ status: 400, json: { error: { param: "expires_at" } } });
});

test("an account has at most 20 management keys, however many are created together", async () => {
  const { accountId } = await customer();
  const creator = { kind: "person", id: accountId, name: "Mira" } as const;
  const create = (_: unknown, i: number) =>
    createManagementKey({ accountId, name: `bot ${i}`, scopes: ["read"], creator });
  await Promise.allSettled(Array.from({ length: 40 }, create));
  expect((await listManagementKeys(accountId)).length).toBeLessThanOrEqual(MANAGEMENT_KEYS_MAX);
});

test("an account over its requests a minute gets a 429, another one is served", async () => {
  const [owner, otherOwner] = [await customer(["read"]), await customer(["read"])];
  // A minute may end in between: then it begins again.
  const statuses: number[] = [];
  while (!statuses.includes(429) && statuses.length <= 2 * REQUESTS_PER_MINUTE)
    statuses.push((await call(owner.secret, "GET /limits")).status);
  expect(statuses.at(-1)).toBe(429);
  expect(statuses.length).toBeGreaterThan(REQUESTS_PER_MINUTE);
  expect((await call(otherOwner.secret, "GET /limits")).status).toBe(200);
});

test("a write with an Idempotency-Key runs once, and its saved response holds no secret in clear", async () => {
  const { accountId, projectId, secret } = await customer();
  const target = `POST /projects/${projectId}/keys`;
  const headers = { "idempotency-key": "0b7c-1" };
  const send = (name: string) => call(secret, target, { body: { name }, headers });
  const [first, ...otherResults] = await Promise.all([send("a"), send("a"), send("a")]);
  const statuses = [first, ...otherResults].map(({ status }) => status);
  expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
  const secondResult = await send("a");
  expect(secondResult.status).toBe(201);
  const creation = [first, ...otherResults].find(({ status }) => status === 201);
  expect(secondResult.json).toEqual(creation?.json);
  expect(await send("b")).toMatchObject({
    status: 409,
    json: { error: { code: "idempotency_key_reused" } },
  });
  expect((await findById(accountId))?.keys).toHaveLength(1);
  const savedResponse = await collection<SavedResponse>("saved_responses")
    .find({ accountId })
    .toArray();
  expect(JSON.stringify(savedResponse)).not.toContain(String(creation?.json.secret).slice(10));
  // A request that was refused changed nothing, and may be sent again with the same key.
  const bad = { "idempotency-key": "0b7c-2" };
  expect((await call(secret, target, { body: { name: "" }, headers: bad })).status).toBe(400);
  expect((await call(secret, target, { body: { name: "c" }, headers: bad })).status).toBe(201);
});

test("a project lists the websites whose scripts may use its keys", async () => {
  const { accountId, projectId, secret } = await customer(["read"]);
  const origins = ["https://app.example.com"];
  expect((await call(secret, `GET /projects/${projectId}`)).json).toMatchObject({ origins: null });
  await setLimits({ accountId, projectId, limits: { origins } });
  expect((await call(secret, `GET /projects/${projectId}`)).json).toMatchObject({ origins });
});

test("credits, ledger, usage and the audit log are read in pages", async () => {
  const { accountId, secret } = await customer(["read"]);
  for (let i = 0; i < 3; i++)
    await post({ sourceId: `grt_m${count}${i}`, accountId, kind: "grant", amount: 1_000 + i });
  expect((await call(secret, "GET /credits")).json).toMatchObject({ credits: "0.000003003" });
  const first = await call(secret, "GET /ledger?limit=2");
  const laterPage = await call(secret, `GET /ledger?limit=2&after=${String(first.json.next)}`);
  const amounts = [first, laterPage].flatMap(({ json }) =>
    (json.data as { amount_nano: number }[]).map((entry) => entry.amount_nano),
  );
  expect(amounts).toEqual([1_002, 1_001, 1_000]);
  expect(laterPage.json.next).toBeNull();
  const bad = ["/ledger?after=-1", "/ledger?after=1.5", "/ledger?after=Infinity", "/ledger?after="];
  for (const path of bad) expect((await call(secret, `GET ${path}`)).status, path).toBe(400);
  for (const path of ["/usage", "/usage/summary", "/audit-log", "/projects", "/limits"])
    expect((await call(secret, `GET ${path}`)).status).toBe(200);
  for (const path of ["/usage?limit=0", "/usage?days=91", "/audit-log?after=x", "/ledger?after=x"])
    expect((await call(secret, `GET ${path}`)).status).toBe(400);
});

test.each([
  ["GET /projects", "read"],
  ["POST /projects", "keys"],
  ["PATCH /projects/{project}", "keys"],
  ["DELETE /projects/{project}", "keys"],
  ["GET /limits", "read"],
  ["PUT /limits", "limits"],
  ["PUT /projects/{project}/limits", "limits"],
  ["POST /projects/{project}/keys", "keys"],
  ["POST /keys/{key}/rotate", "keys"],
  ["DELETE /keys/{key}", "keys"],
  ["PATCH /keys/{key}", "keys"],
  ["GET /members", "read"],
  ["PATCH /members/{member}", "members"],
  ["DELETE /members/{member}", "members"],
  ["POST /invitations", "members"],
  ["DELETE /invitations/{invitation}", "members"],
  ["GET /webhooks", "read"],
  ["GET /webhooks/{webhook}", "read"],
  ["GET /webhook-deliveries", "read"],
  ["POST /webhooks", "webhooks"],
  ["PATCH /webhooks/{webhook}", "webhooks"],
  ["DELETE /webhooks/{webhook}", "webhooks"],
  ["POST /webhooks/{webhook}/rotate", "webhooks"],
  ["POST /webhooks/{webhook}/test", "webhooks"],
  ["POST /webhook-deliveries/{delivery}/replay", "webhooks"],
  ["GET /credits", "read"],
  ["GET /ledger", "read"],
  ["GET /usage", "read"],
  ["GET /usage/summary", "read"],
  ["GET /audit-log", "read"],
] as const)("%s needs the scope %s", async (target, scope) => {
  const otherScopes = ManagementScope.options.filter((candidate) => candidate !== scope);
  const { accountId, projectId, secret } = await customer(otherScopes);
  const before = await findById(accountId);
  const path = target.replace("{project}", projectId).replace(/\{\w+\}/, "id_x");
  expect(await call(secret, path, target.startsWith("GET") ? {} : { body: {} })).toMatchObject({
    status: 403,
    json: { error: { code: "forbidden" } },
  });
  expect(await findById(accountId)).toEqual(before);
});

test("a key with the scope read sees entries about money as it sees the ledger, others see neither", async () => {
  const { accountId, secret } = await customer(["read"]);
  const actor = { kind: "person", id: accountId, name: "Mira" } as const;
  for (const type of ["credits.purchase_started", "top_up.changed", "ledger.exported"] as const)
    await audited({ accountId, actor, type, address: "", client: "" }, async () => undefined);
  const { json } = await call(secret, "GET /audit-log");
  expect((json.data as { type: string }[]).map(({ type }) => type).toSorted()).toEqual([
    "credits.purchase_started",
    "ledger.exported",
    "top_up.changed",
  ]);
  expect((await call(secret, "GET /ledger")).status).toBe(200);
  const scopes = ManagementScope.options.filter((scope) => scope !== "read");
  const writer = await customer(scopes);
  for (const path of ["/audit-log", "/ledger", "/credits"])
    expect((await call(writer.secret, `GET ${path}`)).status).toBe(403);
});

test("a key without the scope limits sets none on a key", async () => {
  const { projectId, secret } = await customer(["read", "keys"]);
  const body = { name: "x", limits: { credits_per_day: "1" } };
  expect((await call(secret, `POST /projects/${projectId}/keys`, { body })).status).toBe(403);
});

test("another account's project and key are the same 404 as missing ones", async () => {
  const [theirs, owner] = [await customer(), await customer()];
  const key = await call(theirs.secret, `POST /projects/${theirs.projectId}/keys`, {
    body: { name: "theirs" },
  });
  const before = await findById(theirs.accountId);
  for (const [method, path] of [
    ["GET", "/projects/{project}"],
    ["DELETE", "/projects/{project}"],
    ["GET", "/projects/{project}/keys"],
    ["POST", "/projects/{project}/keys"],
    ["GET", "/keys/{key}"],
    ["PATCH", "/keys/{key}"],
    ["POST", "/keys/{key}/rotate"],
    ["DELETE", "/keys/{key}"],
  ] as const) {
    const bodies = { POST: { name: "x" }, PATCH: {}, GET: undefined, DELETE: undefined };
    const body = path.endsWith("rotate") ? { overlap: "none" } : bodies[method];
    const options = { body, headers: { "if-match": "*" } };
    const [foreign, missing] = [
      path.replace("{project}", theirs.projectId).replace("{key}", String(key.json.id)),
      path.replace("{project}", "prj_none").replace("{key}", "key_none"),
    ];
    const responses = [
      await call(owner.secret, `${method} ${foreign}`, options),
      await call(owner.secret, `${method} ${missing}`, options),
    ];
    expect(responses.map(({ status }) => status)).toEqual([404, 404]);
    expect(responses[0]?.json).toEqual(responses[1]?.json);
  }
  expect(await findById(theirs.accountId)).toEqual(before);
});

test("a model key, a revoked key, no key and a mistyped one are refused", async () => {
  const owner = await customer();
  const modelKey = await regenerateKey(owner);
  expect(await call(modelKey, "GET /projects")).toMatchObject({ status: 403 });
  for (const secret of ["", "x", `${owner.secret.slice(0, -1)}!`, owner.secret.replace(/.$/, "_")])
    expect((await call(secret, "GET /projects")).status).toBe(401);
  await revokeManagementKey(owner);
  expect((await call(owner.secret, "GET /projects")).status).toBe(401);
});

test("a rotated key manages with both secrets, and repeats a write with the first only", async () => {
  const { accountId, keyId, secret: oldSecret } = await customer();
  const options = { body: { name: "Support" }, headers: { "idempotency-key": "rotation" } };
  const creation = await call(oldSecret, "POST /projects", options);
  const { secret } = await rotateManagementKey({ accountId, keyId, overlap: "hour" });
  for (const candidate of [oldSecret, secret])
    expect((await call(candidate, "GET /projects")).status).toBe(200);
  expect((await call(oldSecret, "POST /projects", options)).json).toEqual(creation.json);
  expect(await call(secret, "POST /projects", options)).toMatchObject({
    status: 409,
    json: { error: { code: "idempotency_key_reused" } },
  });
  expect((await findById(accountId))?.projects).toHaveLength(2);
});

test.each([
  ["POST /projects", '{"name":', null],
  ["POST /projects", "[]", null],
  ["POST /projects", { name: "" }, "name"],
  ["POST /projects", { name: "x", credits: "1" }, "credits"],
  ["PUT /limits", { credits_per_day: 5 }, "credits_per_day"],
  ["PUT /limits", { credits_per_day: "-1" }, "credits_per_day"],
  ["PUT /limits", { credits_per_day: "9".repeat(30) }, "credits_per_day"],
  ["PUT /limits", { requests_per_minute: 0 }, "requests_per_minute"],
  ["PUT /limits", { requests_per_minute: 1.5 }, "requests_per_minute"],
])(
  "%s with the body %j is a 400 that names %s, and changes nothing",
  async (target, body, param) => {
    const { accountId, secret } = await customer();
    const before = await findById(accountId);
    const { status, json } = await call(secret, target, { body, headers: { "if-match": "*" } });
    expect([status, json.error?.param ?? null]).toEqual([400, param]);
    expect(await findById(accountId)).toEqual(before);
  },
);
