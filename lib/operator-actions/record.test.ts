import { expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { listOperatorActions } from "./queries";
import { recorded } from "./record";

let accountId = "";
const newAction = () =>
  ({
    what: "suspend",
    operator: null,
    accountId: (accountId = newId("usr")),
    reason: "why",
  }) as const;
const readActions = () => listOperatorActions({ accountId, limit: 10 });

useOwnDatabase();

test("an action is in the audit log before it is done, and marked as such", async () => {
  const result = await recorded(newAction(), async () => {
    expect(await readActions()).toMatchObject([
      { what: "suspend", operator: null, reason: "why", done: false },
    ]);
    return "done";
  });
  expect(result).toBe("done");
  expect(await readActions()).toMatchObject([{ done: true }]);
});

test("a refused action leaves no record, and a failed one stays unfinished", async () => {
  await expect(
    recorded(newAction(), () => Promise.reject(new AppError("bad_request", "no"))),
  ).rejects.toThrow("no");
  expect(await readActions()).toEqual([]);
  expect(await recorded(newAction(), async () => false)).toBe(false);
  expect(await readActions()).toEqual([]);
  await expect(
    recorded(newAction(), () => Promise.reject(new Error("the database went away"))),
  ).rejects.toThrow("away");
  expect(await readActions()).toMatchObject([{ done: false }]);
});

test("a repeated action is kept once, and its refusal undoes nothing", async () => {
  const action = { ...newAction(), id: newId("act") };
  await Promise.all(Array.from({ length: 5 }, () => recorded(action, async () => true)));
  expect(await readActions()).toMatchObject([{ _id: action.id, done: true }]);
  await expect(
    recorded(action, () => Promise.reject(new AppError("bad_request", "no"))),
  ).rejects.toThrow("no");
  expect(await recorded(action, async () => false)).toBe(false);
  expect(await readActions()).toMatchObject([{ _id: action.id, done: true }]);
});

test("actions are listed newest first, in pages, also those of the same instant", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const mine = newAction();
  for (let i = 0; i < 5; i++) await recorded(mine, async () => true);
  vi.useRealTimers();
  const all = await readActions();
  expect(all).toHaveLength(5);
  expect(new Set(all.map(({ at }) => at.getTime())).size).toBe(1);
  const first = await listOperatorActions({ accountId, limit: 3 });
  const nextPage = await listOperatorActions({ accountId, before: first.at(-1), limit: 3 });
  expect([...first, ...nextPage].map(({ _id }) => _id)).toEqual(all.map(({ _id }) => _id));
});
