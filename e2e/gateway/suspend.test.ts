import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createProject } from "@/lib/accounts/projects";
import { regenerateKey, revokeProjectKeys } from "@/lib/keys/regenerate";
import { findByEmail, findById } from "@/lib/accounts/queries";
import { liftAccount, suspendAccount } from "@/lib/auth/suspension";
import { listOperatorActions } from "@/lib/operator-actions/queries";
import type { Account } from "@/lib/accounts/schema";
import { closeDatabase } from "@/lib/db/client";
import { collection } from "@/lib/db/collection";
import { createSession } from "@/lib/sessions/create";
import { findSession } from "@/lib/sessions/queries";
import {
  messageWith,
  auditProblems,
  chat,
  createCustomer,
  countReceived,
  listUsage,
  waitUntilSettled,
  deployment,
} from "../support/shared-deployment";

const hello = {
  model: "gpt-6-luna",
  max_tokens: 50,
  messages: [{ role: "user", content: "Hello" }],
};
const ORIGINS = [deployment.fast, deployment.next];
let email: string;
let key: string;
let projectId: string;
let accountId: string;

// This process is a third one on the database, as a dashboard on another server would be.
beforeAll(() => {
  for (const [name, value] of Object.entries(deployment.environment)) vi.stubEnv(name, value);
});
beforeEach(async () => {
  ({ email, key, project: projectId } = await createCustomer({ credits: "10" }));
  accountId = (await findByEmail(email))?._id ?? "";
});
afterAll(async () => {
  expect(await auditProblems()).toEqual([]);
  await closeDatabase();
  vi.unstubAllEnvs();
});

async function status(origin: string, of = key): Promise<number> {
  const response = await chat(origin, of, hello);
  await response.text();
  return response.status;
}
const liftIt = () => liftAccount({ accountId, operator: null, reason: "card is fine" });
const suspendIt = () => suspendAccount({ accountId, operator: null, reason: "stolen card" });

test("a suspended account's keys are refused by the next request at both servers, and work again once lifted", async () => {
  const second = await createProject({ accountId, name: "second" });
  const otherKey = await regenerateKey({ accountId, projectId: second.id });
  for (const origin of ORIGINS)
    expect([await status(origin), await status(origin, otherKey)]).toEqual([200, 200]);
  const { token } = await createSession({ userId: accountId, method: "email", userAgent: "test" });
  const before = await countReceived();
  expect(await suspendIt()).toBe(true);
  for (const origin of ORIGINS)
    expect([await status(origin), await status(origin, otherKey)]).toEqual([401, 401]);
  expect(await countReceived()).toEqual(before);
  expect(await findSession(token)).toBeNull();
  expect(await suspendIt()).toBe(false);
  expect(await liftIt()).toBe(true);
  for (const origin of ORIGINS)
    expect([await status(origin), await status(origin, otherKey)]).toEqual([200, 200]);
  expect(await liftIt()).toBe(false);
  const trail = await listOperatorActions({ accountId, limit: 10 });
  expect(trail.map(({ what: kind, reason }) => [kind, reason])).toEqual([
    ["lift", "card is fine"],
    ["suspend", "stolen card"],
    ["grant", "account created"],
  ]);
});

test("no key is made while suspended, and one that is revoked then does not come back", async () => {
  await suspendIt();
  await expect(regenerateKey({ accountId, projectId })).rejects.toMatchObject({
    code: "forbidden",
  });
  await revokeProjectKeys({ accountId, projectId });
  await liftIt();
  for (const origin of ORIGINS) expect(await status(origin)).toBe(401);
  expect(await findById(accountId)).not.toHaveProperty("heldKeys");
});

test("a key that is made at the same instant as the suspension does not outlive it", async () => {
  for (let round = 0; round < 20; round++) {
    const [regeneration] = await Promise.allSettled([
      regenerateKey({ accountId, projectId }),
      suspendIt(),
    ]);
    const account = await findById(accountId);
    expect(account?.keys).toBeUndefined();
    if (regeneration.status === "fulfilled") key = regeneration.value;
    for (const origin of ORIGINS) expect(await status(origin)).toBe(401);
    await liftIt();
    for (const origin of ORIGINS) expect(await status(origin)).toBe(200);
  }
});

test("a stream open at the suspension completes and is charged; nothing stays held", async () => {
  await collection<Account>("accounts").updateOne(
    { _id: accountId },
    { $set: { "free.requests": 0 } },
  );
  for (const origin of ORIGINS) {
    const before = (await findById(accountId))?.credits ?? 0;
    const response = await chat(origin, key, {
      ...hello,
      stream: true,
      messages: [messageWith({ chunks: 30, chunkDelayMs: 100 })],
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    await reader?.read();
    expect((await findById(accountId))?.holds).toHaveLength(1);
    await suspendIt();
    expect((await findById(accountId))?.holds).toHaveLength(1);
    expect(await status(origin)).toBe(401);
    let text = "";
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
      text += new TextDecoder().decode(next.value);
    expect(text).toContain("[DONE]");
    await waitUntilSettled(email);
    await liftIt();
    const [row] = await listUsage(origin, key);
    expect(row).toMatchObject({ ended_by: "complete", status: 200, free: false });
    expect(row?.cost_nano).toBeGreaterThan(0);
    expect((await findById(accountId))?.credits).toBe(before - (row?.cost_nano ?? 0));
  }
  expect(await auditProblems()).toEqual([]);
});
