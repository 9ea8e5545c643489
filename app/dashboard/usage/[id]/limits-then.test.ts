import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { setAccountLimits, setLimits, type ProjectLimits } from "@/lib/accounts/limits";
import { findById } from "@/lib/accounts/queries";
import { changesBetween } from "@/lib/audit-log/changes";
import { audited, type AuditDetails } from "@/lib/audit-log/record";
import { now } from "@/lib/clock";
import { useOwnDatabase } from "@/lib/db/own-database";
import { createKey } from "@/lib/keys/create";
import { updateKey } from "@/lib/keys/update";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { NO_TOKENS, type UsageRow } from "@/lib/usage/schema";
import { limitsThen } from "./limits-then";

useOwnDatabase(ensureIndexes);

const DOLLAR = 1_000_000_000;

test("a request shows the limits of its time, whatever was changed since", async () => {
  const { _id: accountId, projects } = await createAccount({ email: "then@example.com" });
  const projectId = projects[0]?.id ?? "";
  const { key } = await createKey({
    accountId,
    projectId,
    name: "production",
    models: ["gpt-6-luna", "claude-haiku-5-5"],
  });
  const log = (type: AuditDetails["type"], target?: AuditDetails["target"]) => ({
    accountId,
    actor: { kind: "person" as const, id: accountId, name: "Mira" },
    type,
    address: "",
    client: "",
    ...(target ? { target } : {}),
  });
  const setProject = (limits: ProjectLimits) =>
    audited(log("limits.changed", { id: projectId, name: "First project" }), async (note) =>
      note({
        changes: changesBetween(await setLimits({ accountId, projectId, limits }), limits),
      }),
    );
  const read = async (row: UsageRow) => {
    const account = await findById(accountId);
    if (!account) throw new Error("There is no account.");
    return limitsThen(account, row);
  };

  const earlyRow = rowAt({ accountId, projectId, keyId: key._id });
  await laterThan(earlyRow.at);
  await setProject({ creditsPerMonth: 20 * DOLLAR, requestsPerMinute: 60 });
  const row = rowAt({ accountId, projectId, keyId: key._id });
  const list = { name: "Models", owner: "key production", limit: "2 allowed" };
  expect(await read(row)).toEqual([
    { name: "Credits a month", owner: "project First project", limit: "$20.00" },
    { name: "Requests a minute", owner: "project First project", limit: "60" },
    list,
  ]);

  await laterThan(row.at);
  await setProject({ creditsPerMonth: 50.5 * DOLLAR, priceGuard: true });
  await audited(log("limits.changed"), async (note) => {
    const limits = { creditsPerDay: 5 * DOLLAR };
    note({ changes: changesBetween(await setAccountLimits({ accountId, limits }), limits) });
  });
  await audited(log("key.changed", { id: key._id, name: key.name }), async (note) => {
    const { before, after } = await updateKey({
      accountId,
      keyId: key._id,
      changes: { models: ["gpt-6-luna"] },
    });
    note({ changes: changesBetween({ models: before.models }, { models: after.models }) });
  });
  expect(await read(row)).toEqual([
    { name: "Credits a month", owner: "project First project", limit: "$20.00", now: "$50.50" },
    { name: "Requests a minute", owner: "project First project", limit: "60", now: null },
    { ...list, now: "1 allowed" },
  ]);
  // Before all of them nothing limited but the key.
  expect(await read(earlyRow)).toEqual([{ ...list, now: "1 allowed" }]);
});

/** Waits for the next millisecond, so that what follows has a later time. */
async function laterThan(at: Date): Promise<void> {
  while (now() <= at.getTime()) await new Promise((resolve) => setImmediate(resolve));
}

const rowAt = (owner: Pick<UsageRow, "accountId" | "projectId"> & { keyId: string }): UsageRow => ({
  ...owner,
  _id: "req_then",
  at: new Date(now()),
  model: "gpt-6-luna",
  provider: "openai",
  channel: "openai-1",
  endpoint: "chat.completions",
  stream: false,
  status: 200,
  endedBy: "complete",
  tokens: NO_TOKENS,
  cost: 0,
  free: false,
  latencyMs: 1,
  firstByteMs: null,
  usageSource: "provider",
});
