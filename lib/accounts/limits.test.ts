import { beforeEach, expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { accounts, ensureIndexes } from "./collection";
import { createAccount } from "./create";
import { placeHold, type PlacedHold } from "./hold";
import { regenerateKey, revokeProjectKeys } from "@/lib/keys/regenerate";
import { setLimits, type ProjectLimits } from "./limits";
import { createProject, deleteProject, renameProject } from "./projects";
import { findById } from "./queries";
import type { Project } from "./schema";
import { settleHold } from "./settle";
import { leftOf } from "./testing/left-of";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 30);
const DECEMBER = Date.UTC(2026, 11, 1, 0, 0, 5);
let accountId: string;
let projectId: string;
let digest: string;
let count = 0;

useOwnDatabase(ensureIndexes);

beforeEach(async () => {
  const account = await createAccount({ email: `${++count}@example.com` });
  accountId = account._id;
  projectId = account.projects[0]?.id ?? "";
  digest = digestOf(await regenerateKey({ accountId, projectId }), env().keyPepper);
  await accounts.updateOne(
    { _id: accountId },
    { $set: { credits: 10_000, posted: 10_000, "free.requests": 0 } },
  );
});

const hold = (maxCost: number, now = NOW): Promise<PlacedHold> =>
  placeHold({
    requestId: `req_${++count}`,
    digest,
    model: "gpt-4o-mini",
    endpoint: "chat",
    address: "127.0.0.1",
    maxCost,
    expectedCost: maxCost,
    by: "ins_1",
    now,
  });
const settle = ({ hold: openHold }: PlacedHold, cost: number) =>
  settleHold({ accountId, hold: openHold, cost, kept: true });
const limit = (limits: ProjectLimits, now = NOW) =>
  setLimits({ accountId, projectId, limits, now });
async function project(): Promise<Project> {
  const storedProject = (await findById(accountId))?.projects.find(
    (candidate) => candidate.id === projectId,
  );
  if (!storedProject) throw new Error("The project is gone.");
  return storedProject;
}

const monthLeft = (now = NOW) => leftOf({ accountId, projectId, window: "month", now });

test("a month opened by a clock ahead blocks nothing, and the right one counts exactly", async () => {
  await limit({ creditsPerMonth: 1_000 });
  await settle(await hold(400), 400);
  const early = await hold(300, DECEMBER);
  await settle(early, 300);
  // Back in November: what was spent of it counts, and what a wrong clock spent of December does not.
  await expect(hold(601)).rejects.toMatchObject({ code: "rate_limited" });
  await settle(await hold(600), 100);
  expect(await monthLeft()).toBe(500);
  // And once December is there, it has been used already.
  await expect(hold(701, DECEMBER)).rejects.toMatchObject({ code: "rate_limited" });
  await settle(await hold(700, DECEMBER), 700);
  expect(await monthLeft(DECEMBER)).toBe(0);
});

test("a minute opened by a clock far ahead blocks nothing; one slightly ahead stays", async () => {
  await limit({ requestsPerMinute: 2 });
  await hold(1, NOW + 3 * 3_600_000);
  await hold(1);
  await hold(1);
  await expect(hold(1)).rejects.toMatchObject({ code: "rate_limited" });
  // A server that is ahead by seconds has begun the next minute: what comes before it counts there too.
  await hold(1, NOW + 30_000);
  await hold(1);
  await expect(hold(1)).rejects.toMatchObject({ code: "rate_limited" });
});

test("a monthly limit set today counts the month's charges and the open holds", async () => {
  await settle(await hold(500), 300);
  const open = await hold(400);
  await limit({ creditsPerMonth: 1_000 });
  expect(await monthLeft()).toBe(1_000 - 300 - 400);
  await settle(open, 150);
  expect(await monthLeft()).toBe(1_000 - 300 - 150);
  expect(await project()).toMatchObject({ spent: { "2026-11": 450 } });
  await expect(hold(551)).rejects.toMatchObject({
    code: "rate_limited",
    headers: {
      "retry-after": String((Date.UTC(2026, 11, 1) - NOW) / 1000),
      "x-ratelimit-limit-credits": "0.000001000",
      "x-ratelimit-remaining-credits": "0.000000550",
    },
  });
  await settle(await hold(550), 550);
  expect(await monthLeft()).toBe(0);
});

test("changing a monthly limit during a request moves the remainder by the difference", async () => {
  await limit({ creditsPerMonth: 1_000 });
  const open = await hold(600);
  await expect(limit({ creditsPerMonth: 599 })).rejects.toMatchObject({
    code: "bad_request",
    param: "creditsPerMonth",
    message: expect.stringContaining("0.000000600"),
  });
  await limit({ creditsPerMonth: 600 });
  expect(await monthLeft()).toBe(0);
  // What is held comes back when the request in flight ends: no reason to wait for December.
  await expect(hold(1)).rejects.toMatchObject({
    code: "rate_limited",
    headers: { "retry-after": "5" },
  });
  await settle(open, 200);
  expect(await monthLeft()).toBe(400);
  await limit({});
  expect(await monthLeft()).toBeUndefined();
  await limit({ creditsPerMonth: 500 });
  expect(await monthLeft()).toBe(300);
});

test("settling a request of last month changes only last month", async () => {
  await limit({ creditsPerMonth: 1_000 });
  const november = await hold(600);
  const december = await hold(100, DECEMBER);
  expect(await monthLeft(DECEMBER)).toBe(900);
  await settle(november, 50);
  await settle(december, 40);
  expect(await monthLeft(DECEMBER)).toBe(960);
  expect(await project()).toMatchObject({ spent: { "2026-11": 50, "2026-12": 40 } });
});

test("a limit of requests a minute that changes keeps count of the minute's requests", async () => {
  await limit({ requestsPerMinute: 2 });
  await hold(1);
  await hold(1);
  await expect(hold(1)).rejects.toMatchObject({
    code: "rate_limited",
    headers: {
      "retry-after": "30",
      "x-ratelimit-limit-requests": "2",
      "x-ratelimit-remaining-requests": "0",
    },
  });
  await limit({ requestsPerMinute: 3 });
  expect((await hold(1)).minute).toMatchObject({ limit: 3, left: 0 });
  await limit({ requestsPerMinute: 1 });
  await expect(hold(1)).rejects.toMatchObject({ code: "rate_limited" });
  expect((await hold(1, NOW + 60_000)).minute).toMatchObject({ limit: 1, left: 0 });
});

test("limits that change while requests start and end leave counters that add up", async () => {
  let going = true;
  const traffic = Array.from({ length: 4 }, async (_, worker) => {
    for (let i = 0; going; i++) {
      const placedHold = await hold(10).catch((error: { code?: string }) => {
        if (error.code !== "rate_limited" && error.code !== "unavailable") throw error;
        return null;
      });
      if (placedHold) await settle(placedHold, (i + worker) % 10);
    }
  });
  for (let i = 0; i < 40; i++)
    await limit(i % 2 === 0 ? { creditsPerMonth: 5_000 + i, requestsPerMinute: 900_000 } : {});
  await limit({ creditsPerMonth: 9_000 });
  going = false;
  await Promise.all(traffic);
  const account = await findById(accountId);
  const { spent: spending } = await project();
  expect(account?.holds).toEqual([]);
  expect(spending?.["2026-11"]).toBe(account?.charged);
  expect(await monthLeft()).toBe(9_000 - (account?.charged ?? 0));
  expect((account?.credits ?? 0) + (account?.charged ?? 0)).toBe(10_000);
});

test("deleting a project with open holds refuses its key and loses no settle", async () => {
  const open = await hold(500);
  await deleteProject({ accountId, projectId });
  await expect(hold(1)).rejects.toMatchObject({ code: "invalid_key" });
  expect(await settle(open, 120)).toBe(true);
  expect(await settle(open, 120)).toBe(false);
  const account = await findById(accountId);
  expect(account).toMatchObject({ credits: 9_880, charged: 120, holds: [], projects: [] });
  expect(account?.keys).toBeUndefined();
});

test("another account's project is missing, whatever is asked of it", async () => {
  const stranger = await createAccount({ email: `${++count}@example.com` });
  const theirs = { accountId: stranger._id, projectId };
  const before = await project();
  for (const attempt of [
    () => renameProject({ ...theirs, name: "Mine now" }),
    () => deleteProject(theirs),
    () => setLimits({ ...theirs, limits: {} }),
    () => regenerateKey(theirs),
    () => revokeProjectKeys(theirs),
    () => renameProject({ accountId, projectId: "prj_none", name: "None" }),
  ])
    await expect(attempt()).rejects.toMatchObject({
      code: "not_found",
      message: "There is no such project.",
    });
  expect(await project()).toEqual(before);
});

test("a name is one line of at most 60 characters", async () => {
  for (const name of ["", "   ", "x".repeat(61), "two\nlines", "back\u202ewards"])
    await expect(renameProject({ accountId, projectId, name })).rejects.toMatchObject({
      code: "bad_request",
    });
  await expect(createProject({ accountId, name: "" })).rejects.toMatchObject({
    code: "bad_request",
    param: "name",
  });
  await renameProject({ accountId, projectId, name: "  <b>support</b> bot " });
  expect((await project()).name).toBe("<b>support</b> bot");
});
