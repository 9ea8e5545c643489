import { expect, test } from "vitest";
import { HELLO, createFundedAccount, useOwnGateway } from "@/e2e/support/own-gateway";
import { revokeProjectKeys } from "@/lib/keys/regenerate";
import { setLimits } from "@/lib/accounts/limits";
import { suspend } from "@/lib/accounts/suspend";
import { findById } from "@/lib/accounts/queries";
import { createTeam } from "@/lib/auth/teams";
import { findOrCreateUser } from "@/lib/auth/users";
import { newId } from "@/lib/ids";
import { createKey } from "@/lib/keys/create";
import { post } from "@/lib/ledger/post";
import { teams } from "@/lib/teams/collection";
import type { Role } from "@/lib/teams/schema";
import { createSession } from "@/lib/sessions/create";
import { endAllSessions } from "@/lib/sessions/end";
import { settlesTried } from "../settlement/settle";

const gateway = useOwnGateway();

async function signedIn() {
  const customer = await createFundedAccount();
  const { accountId } = customer;
  const { token } = await createSession({ userId: accountId, method: "email", userAgent: "test" });
  return { ...customer, token };
}

const send = (
  { projectId, token }: { projectId: string; token?: string },
  { origin = gateway.origin, headers = {} }: { origin?: string | null; headers?: object } = {},
) =>
  fetch(`${gateway.origin}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-onekey-project": projectId,
      ...(origin === null ? {} : { origin }),
      ...(token === undefined ? {} : { cookie: `a=b; next-auth.session-token=${token}` }),
      ...headers,
    },
    body: HELLO,
  });

test("a session's request is forwarded, takes a free request and leaves a row of its project", async () => {
  const customer = await signedIn();
  const response = await send(customer);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ object: "chat.completion" });
  await settlesTried();
  const account = await findById(customer.accountId);
  expect(account?.free.requests).toBe(19);
  expect(account?.holds).toEqual([]);
});

test("a signed-out request is a 401, and no provider is contacted", async () => {
  const customer = await signedIn();
  const before = gateway.received;
  expect((await send({ projectId: customer.projectId })).status).toBe(401);
  expect((await send({ projectId: customer.projectId, token: "x".repeat(43) })).status).toBe(401);
  await endAllSessions(customer.accountId);
  expect((await send(customer)).status).toBe(401);
  expect(gateway.received).toBe(before);
});

test("a page of another origin is refused, whatever cookie the browser attaches", async () => {
  const customer = await signedIn();
  const before = gateway.received;
  for (const origin of ["https://evil.example", "null", null])
    expect((await send(customer, { origin })).status).toBe(403);
  // Without the header, a cookie is no credential.
  const plain = await fetch(`${gateway.origin}/v1/chat/completions`, {
    method: "POST",
    headers: {
      origin: gateway.origin,
      "content-type": "application/json",
      cookie: `next-auth.session-token=${customer.token}`,
    },
    body: HELLO,
  });
  expect(plain.status).toBe(401);
  expect(gateway.received).toBe(before);
});

test("another account's project is as missing as one that never was", async () => {
  const [customer, otherCustomer] = [await signedIn(), await signedIn()];
  const theirs = await send({ ...customer, projectId: otherCustomer.projectId });
  const noProject = await send({ ...customer, projectId: "prj_0000000000000000000000" });
  expect([theirs.status, noProject.status]).toEqual([404, 404]);
  const message = async (response: Response) =>
    ((await response.json()) as { error: { message: string } }).error.message;
  expect(await message(theirs)).toBe(await message(noProject));
});

test("a project's limits hold for its playground, and a project without a key has none", async () => {
  const customer = await signedIn();
  const { accountId, projectId } = customer;
  await setLimits({ accountId, projectId, limits: { models: ["claude-haiku-5-5"] } });
  expect((await send(customer)).status).toBe(403);
  await setLimits({ accountId, projectId, limits: {} });
  expect((await send(customer)).status).toBe(200);
  await revokeProjectKeys(customer);
  expect((await send(customer)).status).toBe(403);
});

test("a suspended account's session is refused in words, and no provider is contacted", async () => {
  const customer = await signedIn();
  await suspend({ accountId: customer.accountId, digests: [] });
  const before = gateway.received;
  const response = await send(customer);
  expect(response.status).toBe(403);
  expect(await response.text()).toContain("The account is suspended");
  expect(gateway.received).toBe(before);
});

test("a project that lists websites is served on its playground, and not for other websites", async () => {
  const customer = await signedIn();
  const { accountId, projectId } = customer;
  await setLimits({ accountId, projectId, limits: { origins: ["https://app.example.com"] } });
  expect((await send(customer)).status).toBe(200);
  expect((await send(customer, { origin: "https://app.example.com" })).status).toBe(403);
});

test("a member's request is held by the team, for the roles that may use the playground", async () => {
  const { token, accountId: userId } = await signedIn();
  const owner = await findOrCreateUser({ email: `${newId("usr")}@example.com` });
  const team = await createTeam({ user: owner, name: "Fieldnote" });
  const projectId = team.projects[0]?.id ?? "";
  const caller = { token, projectId };
  await post({ sourceId: newId("grt"), accountId: team._id, kind: "grant", amount: 1_000_000_000 });
  await createKey({ accountId: team._id, projectId, name: "playground" });
  expect((await send(caller)).status).toBe(404);
  const setMembership = (role: Role | null) =>
    teams.updateOne(
      { _id: team._id },
      {
        $set: {
          members: [
            { userId: owner._id, role: "owner", joinedAt: new Date(), invitedBy: null },
            ...(role === null ? [] : [{ userId, role, joinedAt: new Date(), invitedBy: null }]),
          ],
        },
      },
    );
  for (const [role, status] of [
    ["developer", 200],
    ["admin", 200],
    ["billing", 403],
    ["viewer", 403],
    [null, 404],
  ] as const) {
    await setMembership(role);
    expect((await send(caller)).status, String(role)).toBe(status);
  }
  await settlesTried();
  const account = await findById(team._id);
  expect(account?.charged).toBeGreaterThan(0);
  expect((await findById(userId))?.free.requests).toBe(20);
});
