import { expect, test } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { changesBetween } from "./changes";
import { ensureIndexes } from "./collection";
import { countAuditEntries, eachAuditEntry, listActors, listAuditEntries } from "./queries";
import { audited, eraseAuditLog, type AuditDetails } from "./record";

useOwnDatabase(ensureIndexes);

const detailsOf = (accountId: string, details: Partial<AuditDetails> = {}): AuditDetails => ({
  accountId,
  actor: { kind: "person", id: accountId, name: "Mira" },
  type: "key.created",
  address: "203.0.113.24",
  client: "Firefox on Linux",
  ...details,
});
const read = (accountId: string) => listAuditEntries({ accountId, limit: 100 });

test("an entry is there before its change, and complete after it", async () => {
  const accountId = newId("usr");
  await audited(detailsOf(accountId), async (note) => {
    expect(await read(accountId)).toMatchObject([{ done: false, changes: [] }]);
    note({ target: { id: "key_1", name: "production" } });
    note({ changes: [{ name: "Expires", before: null, after: "2026-12-31" }] });
  });
  expect(await read(accountId)).toMatchObject([
    {
      done: true,
      type: "key.created",
      target: { name: "production" },
      changes: [{ name: "Expires" }],
      address: "203.0.113.24",
    },
  ]);
});

test("a refused change leaves no entry, and one that failed stays unfinished", async () => {
  const accountId = newId("usr");
  const refusal = new AppError("bad_request", "no");
  await expect(audited(detailsOf(accountId), () => Promise.reject(refusal))).rejects.toBe(refusal);
  expect(await read(accountId)).toEqual([]);
  await expect(
    audited(detailsOf(accountId), () => Promise.reject(new Error("lost"))),
  ).rejects.toThrow("lost");
  expect(await read(accountId)).toMatchObject([{ done: false }]);
});

test("entries are listed by who, what and when, in pages, and none of another account", async () => {
  const [accountId, otherAccountId] = [newId("usr"), newId("usr")];
  for (let i = 0; i < 5; i++) await audited(detailsOf(accountId), async () => undefined);
  const github = { kind: "service", id: "github", name: "GitHub secret scanning" } as const;
  await audited(
    detailsOf(accountId, { actor: github, type: "key.revoked" }),
    async () => undefined,
  );
  await audited(detailsOf(accountId, { type: "limits.changed" }), async () => undefined);
  await audited(detailsOf(otherAccountId), async () => undefined);
  const all = await read(accountId);
  expect(all).toHaveLength(7);
  const first = await listAuditEntries({ accountId, limit: 3 });
  const laterEntries = await listAuditEntries({ accountId, before: first.at(-1), limit: 10 });
  expect([...first, ...laterEntries].map(({ _id }) => _id)).toEqual(all.map(({ _id }) => _id));
  const count = async (filter: object) =>
    (await listAuditEntries({ accountId, limit: 100, ...filter })).length;
  expect(await count({ type: "key" })).toBe(6);
  expect(await count({ type: "key.revoked" })).toBe(1);
  expect(await count({ actor: "github" })).toBe(1);
  expect(await count({ to: new Date(0) })).toBe(0);
  expect(await count({ from: new Date(Date.now() - 3_600_000) })).toBe(7);
  expect((await listActors(accountId)).map(({ name }) => name).toSorted()).toEqual([
    "GitHub secret scanning",
    "Mira",
  ]);
  let exportCount = 0;
  for await (const entry of eachAuditEntry({ accountId })) if (entry.done) exportCount++;
  expect(exportCount).toBe(7);
  await eraseAuditLog(accountId);
  expect(await read(accountId)).toEqual([]);
  expect(await read(otherAccountId)).toHaveLength(1);
});

test("changes name each field that differs, before and after", () => {
  expect(
    changesBetween(
      {
        creditsPerDay: undefined,
        requestsPerMinute: 60,
        models: ["a"],
        priceGuard: true,
        name: "x",
      },
      { creditsPerDay: 5_000_000_000, requestsPerMinute: 1_200, models: ["a"], priceGuard: false },
    ),
  ).toEqual([
    { name: "Credits a day", before: null, after: "5.000000000" },
    { name: "Requests a minute", before: "60", after: "1,200" },
    { name: "Price guard", before: "on", after: null },
    { name: "Name", before: "x", after: null },
  ]);
});

test("entries are found by a part of a name, an address or an id, and by nothing else", async () => {
  const accountId = newId("usr");
  const target = { id: "key_1", name: "CI (nightly)", projectId: "prj_1" };
  await audited(detailsOf(accountId, { target }), async () => undefined);
  const jonas = { kind: "person", id: "usr_j", name: "Jonas Weber" } as const;
  await audited(
    detailsOf(accountId, { actor: jonas, address: "198.51.100.7", client: "Safari on macOS" }),
    async () => undefined,
  );
  const [newest] = await read(accountId);
  const counts = async (text: string) => {
    const entries = await listAuditEntries({ accountId, limit: 10, text });
    expect(await countAuditEntries({ accountId, text })).toBe(entries.length);
    return entries.length;
  };
  for (const [text, count] of [
    ["ci (night", 1],
    ["KEY_1", 1],
    ["weber", 1],
    ["198.51.100", 1],
    ["macos", 1],
    [newest?._id ?? "", 1],
    // Characters of patterns are only themselves.
    [".*", 0],
    ["198x51", 0],
    ["[a-z]", 0],
    ["^", 0],
    ["\\\\", 0],
    ["nobody", 0],
  ] as const)
    expect([text, await counts(text)]).toEqual([text, count]);
});

test("pages go to older and to newer entries, and say where they are", async () => {
  const accountId = newId("usr");
  for (let i = 0; i < 7; i++) await audited(detailsOf(accountId), async () => undefined);
  const all = (await read(accountId)).map(({ _id }) => _id);
  const first = await listAuditEntries({ accountId, limit: 3 });
  const second = await listAuditEntries({ accountId, before: first.at(-1), limit: 3 });
  expect(second.map(({ _id }) => _id)).toEqual(all.slice(3, 6));
  const firstAgain = await listAuditEntries({ accountId, after: second[0], limit: 3 });
  expect(firstAgain).toEqual(first);
  const [newest] = second;
  if (!newest) throw new Error("no entry");
  expect(await countAuditEntries({ accountId, newerThan: newest })).toBe(3);
  expect(await countAuditEntries({ accountId })).toBe(7);
});
