import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { createProject } from "@/lib/accounts/projects";
import { findById } from "@/lib/accounts/queries";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { useOwnDatabase } from "@/lib/db/own-database";
import { createKey } from "@/lib/keys/create";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { addEndpoint } from "@/lib/webhooks/endpoints";
import { deleteRecordedProject } from "@/lib/webhooks/delete-project";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import { createProjectKey, regenerateProjectKey, revokeKeysOf } from "./keys";

useOwnDatabase(ensureIndexes);

let count = 0;
async function customer() {
  const account = await createAccount({ email: `keys${++count}@example.com` });
  const accountId = account._id;
  await addEndpoint({
    accountId,
    url: "http://127.0.0.1:4009/hook",
    events: ["key.created", "key.rotated", "key.revoked"],
    creator: { kind: "person", id: accountId, name: "Mira" },
  });
  return { account, accountId };
}

const entriesOf = async (accountId: string) =>
  (await listAuditEntries({ accountId, limit: 20 })).toReversed();
const eventsOf = async (accountId: string) =>
  (await listDeliveries({ accountId, limit: 20 })).map(({ type }) => type).toSorted();

test("keys that the operator creates, replaces and revokes are in the customer's log, with events", async () => {
  const { account, accountId } = await customer();
  const { data } = await createProjectKey(account, { name: "evals" });
  const projectId = String(data.project);
  await regenerateProjectKey(projectId);
  await revokeKeysOf(projectId);
  const entries = await entriesOf(accountId);
  expect(entries.map(({ type }) => type)).toEqual([
    "project.created",
    "key.created",
    "key.rotated",
    "key.revoked",
  ]);
  for (const { actor, done } of entries)
    expect([actor, done]).toEqual([{ kind: "operator", id: null, name: "OneKey" }, true]);
  const [, ...keyEntries] = entries;
  expect(new Set(keyEntries.map(({ target }) => target?.id)).size).toBe(1);
  expect(keyEntries[0]?.target).toMatchObject({ name: "default", projectId });
  expect(await eventsOf(accountId)).toEqual(["key.created", "key.revoked", "key.rotated"]);
});

test("the operator's command for a project that does not exist leaves no entry", async () => {
  const { accountId } = await customer();
  await expect(regenerateProjectKey("prj_missing")).rejects.toThrow("There is no such project.");
  await expect(revokeKeysOf("prj_missing")).rejects.toThrow("There is no such project.");
  expect(await entriesOf(accountId)).toEqual([]);
});

test("a deleted project ends each of its keys in the log and by an event, and no other", async () => {
  const { accountId } = await customer();
  const [deletedProject, otherProject] = [
    await createProject({ accountId, name: "doomed" }),
    await createProject({ accountId, name: "other" }),
  ];
  for (const name of ["one", "two"])
    await createKey({ accountId, projectId: deletedProject.id, name });
  await createKey({ accountId, projectId: otherProject.id, name: "three" });
  const deletion = async () => {
    const account = await findById(accountId);
    if (!account) throw new Error("no account");
    const actor = { kind: "person", id: accountId, name: "Mira" } as const;
    await deleteRecordedProject({
      account,
      projectId: deletedProject.id,
      record: (type, target, work) =>
        auditedWithEvents({ accountId, actor, type, target, address: "", client: "" }, work),
    });
  };
  await deletion();
  const entries = await entriesOf(accountId);
  expect(entries.map(({ type, target }) => `${type} ${target?.name}`).toSorted()).toEqual([
    "key.revoked one",
    "key.revoked two",
    "project.deleted doomed",
  ]);
  expect(entries.every(({ done }) => done)).toBe(true);
  expect(await eventsOf(accountId)).toEqual(["key.revoked", "key.revoked"]);
  expect((await findById(accountId))?.keys).toHaveLength(1);
  await expect(deletion()).rejects.toThrow("There is no such project.");
  expect(await entriesOf(accountId)).toHaveLength(3);
});
