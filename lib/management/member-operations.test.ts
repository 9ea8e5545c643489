import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startMail } from "../../sandbox/mail";
import { findById } from "@/lib/accounts/queries";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { createTeam } from "@/lib/auth/teams";
import { findOrCreateUser } from "@/lib/auth/users";
import { useOwnDatabase } from "@/lib/db/own-database";
import { listMail } from "@/lib/email/mailbox";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createManagementKey } from "@/lib/management-keys/create";
import { listManagementKeys } from "@/lib/management-keys/queries";
import { revokeManagementKey } from "@/lib/management-keys/revoke";
import { ManagementScope } from "@/lib/management-keys/schema";
import { teams } from "@/lib/teams/collection";
import { acceptInvitation } from "@/lib/teams/invitations";
import { findTeam } from "@/lib/teams/queries";
import { Role } from "@/lib/teams/schema";
import { OPERATIONS } from "./operations";
import { serveManagement } from "./serve";

const mail = await startMail();
afterAll(mail.close);

useOwnDatabase(ensureIndexes);
beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});

let count = 0;
const person = () =>
  findOrCreateUser({ email: `p${++count}@example.com`, name: `Person ${count}` });

async function keyOf(accountId: string, scopes: ManagementScope[] = ManagementScope.options) {
  const creator = { kind: "person", id: "usr_1", name: "Mira" } as const;
  const key = { accountId, name: "bot", scopes: [...scopes], creator };
  const { secret } = await createManagementKey(key);
  return secret;
}

/** A team with a member in each role, and a management key with every scope. */
async function team() {
  const owner = await person();
  const account = await createTeam({ user: owner, name: "Fieldnote" });
  const ids = new Map<Role, string>([["owner", owner._id]]);
  for (const role of Role.exclude(["owner"]).options) {
    const { _id: userId } = await person();
    ids.set(role, userId);
    const member = { userId, role, joinedAt: new Date(), invitedBy: null };
    await teams.updateOne({ _id: account._id }, { $push: { members: member } });
  }
  const idOf = (role: Role) => ids.get(role) ?? "";
  return { accountId: account._id, secret: await keyOf(account._id), idOf };
}

async function call(
  secret: string,
  target: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const [method = "", path = ""] = target.split(" ");
  const response = await serveManagement(
    new Request(`http://127.0.0.1/v1/manage${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const json = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown> & {
    data: Record<string, unknown>[];
  };
  return { status: response.status, json, etag: response.headers.get("etag") ?? "" };
}

const anyVersion = { "if-match": "*" };

test("members are listed, changed and removed, each in the audit log", async () => {
  const { accountId, secret, idOf } = await team();
  const list = await call(secret, "GET /members");
  expect(list.json.data.map(({ role }) => role)).toEqual(Role.options);
  const target = `/members/${idOf("viewer")}`;
  const { etag, json } = await call(secret, `GET ${target}`);
  expect(json).toMatchObject({ id: idOf("viewer"), role: "viewer", invited_by: null });
  const body = { role: "developer" };
  const change = await call(secret, `PATCH ${target}`, { body, headers: { "if-match": etag } });
  expect([change.status, change.json.role]).toEqual([200, "developer"]);
  // The version that was read has passed.
  expect(
    (await call(secret, `PATCH ${target}`, { body, headers: { "if-match": etag } })).status,
  ).toBe(412);
  expect((await call(secret, `PATCH ${target}`, { body })).status).toBe(428);
  expect((await call(secret, `DELETE ${target}`)).status).toBe(204);
  expect((await call(secret, `GET ${target}`)).status).toBe(404);
  expect((await listAuditEntries({ accountId, limit: 5 })).map(({ type }) => type)).toEqual([
    "member.removed",
    "member.role_changed",
  ]);
});

test("a management key neither changes nor removes an owner, nor makes one", async () => {
  const { accountId, secret, idOf } = await team();
  const before = await findTeam(accountId);
  const owner = `/members/${idOf("owner")}`;
  const statuses = [
    await call(secret, `PATCH ${owner}`, { body: { role: "viewer" }, headers: anyVersion }),
    await call(secret, `DELETE ${owner}`),
    await call(secret, `PATCH /members/${idOf("admin")}`, {
      body: { role: "owner" },
      headers: anyVersion,
    }),
    await call(secret, "POST /invitations", { body: { email: "x@example.com", role: "owner" } }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([403, 403, 400, 400]);
  expect(await findTeam(accountId)).toEqual(before);
});

test("an invitation is sent once for its Idempotency-Key, accepted by its address, or revoked", async () => {
  const { accountId, secret } = await team();
  const sam = await person();
  const invitation = { body: { email: sam.email.toUpperCase(), role: "billing" } };
  const headers = { "idempotency-key": "invite-sam" };
  const first = await call(secret, "POST /invitations", { ...invitation, headers });
  const second = await call(secret, "POST /invitations", { ...invitation, headers });
  expect([first.status, second.json]).toEqual([201, first.json]);
  expect(first.json).toMatchObject({ email: sam.email, status: "pending", invited_by: "bot" });
  const mails = (await listMail()).filter(({ to }) => to === sam.email);
  expect(mails).toHaveLength(1);
  expect(mails[0]?.subject).toBe("You are invited to Fieldnote on OneKey");
  // Again, without the key: the address has a pending one.
  expect((await call(secret, "POST /invitations", invitation)).status).toBe(400);
  expect((await call(secret, "GET /invitations")).json.data).toEqual([first.json]);
  const token = /token=([\w-]+)/.exec(mails[0]?.text ?? "")?.[1] ?? "";
  await acceptInvitation({ token, user: sam, now: new Date() });
  expect((await call(secret, `GET /members/${sam._id}`)).json).toMatchObject({
    role: "billing",
    invited_by: "bot",
  });
  expect((await call(secret, "GET /invitations")).json.data).toEqual([]);

  const other = await call(secret, "POST /invitations", {
    body: { email: "lena@example.com", role: "viewer" },
  });
  const target = `DELETE /invitations/${String(other.json.id)}`;
  expect((await call(secret, target)).status).toBe(204);
  expect((await call(secret, target)).status).toBe(400);
  expect((await findTeam(accountId))?.invitations.at(-1)?.outcome).toBe("revoked");
});

test.each([
  [{ email: "no address", role: "viewer" }, "email"],
  [{ email: "x@example.com", role: "king" }, "role"],
  [{ email: "x@example.com" }, "role"],
  [{ role: "viewer" }, "email"],
  [{ email: "x@example.com", role: "viewer", extra: 1 }, "extra"],
])("the invitation %j is refused, and none is sent", async (body, param) => {
  const { accountId, secret } = await team();
  const { status, json } = await call(secret, "POST /invitations", { body });
  expect([status, json.error]).toEqual([400, expect.objectContaining({ param })]);
  expect((await findTeam(accountId))?.invitations).toEqual([]);
});

test("a personal account lists its user, and takes no others", async () => {
  const { _id: accountId, email } = await person();
  const secret = await keyOf(accountId);
  expect((await call(secret, "GET /members")).json.data).toMatchObject([
    { id: accountId, email, role: "owner" },
  ]);
  expect((await call(secret, "GET /invitations")).json.data).toEqual([]);
  const body = { email: "x@example.com", role: "viewer" };
  expect((await call(secret, "POST /invitations", { body })).status).toBe(400);
  expect((await call(secret, `DELETE /members/${accountId}`)).status).toBe(404);
});

test("members and invitations of another account are missing, for every operation", async () => {
  const [mine, theirs] = [await team(), await team()];
  const { json } = await call(theirs.secret, "POST /invitations", {
    body: { email: `other${++count}@example.com`, role: "viewer" },
  });
  const before = await findTeam(theirs.accountId);
  const paths = OPERATIONS.filter(({ path }) => /\{(member|invitation)\}/.test(path));
  expect(paths.length).toBe(4);
  for (const { method, path } of paths) {
    const target = path
      .replace("{member}", theirs.idOf("viewer"))
      .replace("{invitation}", String(json.id));
    const request = { body: { role: "admin" }, headers: anyVersion };
    const response = await call(
      mine.secret,
      `${method} ${target}`,
      method === "GET" ? {} : request,
    );
    expect(response.status, `${method} ${path}`).toBe(404);
  }
  expect(await findTeam(theirs.accountId)).toEqual(before);
});

test("each operation needs its scope, whatever others the key has", async () => {
  const { accountId } = await team();
  for (const operation of OPERATIONS) {
    const others = ManagementScope.options.filter((scope) => scope !== operation.scope);
    const secret = await keyOf(accountId, others);
    const path = operation.path.replaceAll(/\{\w+\}/g, "x");
    const request = operation.method === "GET" ? {} : { body: {} };
    const { status } = await call(secret, `${operation.method} ${path}`, request);
    expect(status, `${operation.method} ${operation.path}`).toBe(403);
    await revokeAll(accountId);
  }
  expect(await findById(accountId)).not.toBeNull();
});

/** An account has a bounded number of management keys. */
async function revokeAll(accountId: string): Promise<void> {
  for (const { _id: keyId } of await listManagementKeys(accountId))
    await revokeManagementKey({ accountId, keyId });
}
