import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { listActs } from "./queries";
import { recorded } from "./record";

const dir = mkdtempSync(path.join(tmpdir(), "onekey-acts-"));
let accountId = "";
const act = () =>
  ({
    what: "suspend",
    operator: null,
    accountId: (accountId = newId("usr")),
    reason: "why",
  }) as const;
const kept = () => listActs({ accountId, limit: 10 });

beforeAll(() => vi.stubEnv("ONEKEY_DATA_DIR", dir));
afterAll(async () => {
  await closeDatabase();
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

test("an act is in the trail before it is done, and says so until it is", async () => {
  const result = await recorded(act(), async () => {
    expect(await kept()).toMatchObject([
      { what: "suspend", operator: null, reason: "why", done: false },
    ]);
    return "done";
  });
  expect(result).toBe("done");
  expect(await kept()).toMatchObject([{ done: true }]);
});

test("what was refused or changed nothing leaves no trace, and what failed otherwise stays as not finished", async () => {
  await expect(
    recorded(act(), () => Promise.reject(new AppError("bad_request", "no"))),
  ).rejects.toThrow("no");
  expect(await kept()).toEqual([]);
  expect(await recorded(act(), async () => false)).toBe(false);
  expect(await kept()).toEqual([]);
  await expect(
    recorded(act(), () => Promise.reject(new Error("the database went away"))),
  ).rejects.toThrow("away");
  expect(await kept()).toMatchObject([{ done: false }]);
});

test("an act that is sent again is kept once, and its refusal takes away nothing that was done", async () => {
  const once = { ...act(), id: newId("act") };
  await Promise.all(Array.from({ length: 5 }, () => recorded(once, async () => true)));
  expect(await kept()).toMatchObject([{ _id: once.id, done: true }]);
  await expect(
    recorded(once, () => Promise.reject(new AppError("bad_request", "no"))),
  ).rejects.toThrow("no");
  expect(await recorded(once, async () => false)).toBe(false);
  expect(await kept()).toMatchObject([{ _id: once.id, done: true }]);
});

test("acts are listed the newest first, a page at a time, also those of the same instant", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const mine = act();
  for (let i = 0; i < 5; i++) await recorded(mine, async () => true);
  vi.useRealTimers();
  const all = await kept();
  expect(all).toHaveLength(5);
  expect(new Set(all.map(({ at }) => at.getTime())).size).toBe(1);
  const first = await listActs({ accountId, limit: 3 });
  const rest = await listActs({ accountId, before: first.at(-1), limit: 3 });
  expect([...first, ...rest].map(({ _id }) => _id)).toEqual(all.map(({ _id }) => _id));
});
