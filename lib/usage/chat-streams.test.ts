import { expect, test } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { createProject, setExactStreamUsage } from "@/lib/accounts/projects";
import { findById } from "@/lib/accounts/queries";
import { setExactUsageOfNewProjects } from "@/lib/accounts/settings";
import { useOwnDatabase } from "@/lib/db/own-database";
import { countChatStreams } from "./chat-streams";
import { ensureIndexes } from "./collection";
import { recordUsage } from "./record";
import { NO_TOKENS, type UsageRow } from "./schema";

useOwnDatabase(ensureIndexes);

const since = new Date("2026-11-01T00:00:00Z");
let count = 0;
const record = (row: Partial<UsageRow>) =>
  recordUsage({
    _id: `req_${++count}`,
    accountId: "usr_a",
    projectId: "prj_bot",
    at: new Date(since.getTime() + count),
    model: "gpt-6-sol",
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat.completions",
    stream: true,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost: 1,
    free: false,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
    ...row,
  });

test("chat streams are counted by project, of one account and since an instant", async () => {
  await record({});
  await record({ usageSource: "estimated" });
  await record({ projectId: "prj_evals", usageSource: "estimated" });
  await record({ stream: false, usageSource: "estimated" });
  await record({ endpoint: "responses", usageSource: "estimated" });
  await record({ at: new Date(since.getTime() - 1), usageSource: "estimated" });
  await record({ accountId: "usr_b", usageSource: "estimated" });
  const counts = await countChatStreams({ accountId: "usr_a", since });
  expect(counts.isCut).toBe(false);
  expect(counts.byProject.get("prj_bot")).toEqual({ streams: 2, estimated: 1 });
  expect(counts.byProject.get("prj_evals")).toEqual({ streams: 1, estimated: 1 });
});

test("at most the newest rows are read, and the result says so", async () => {
  const counts = await countChatStreams({ accountId: "usr_a", since, rowsMax: 3 });
  expect(counts.isCut).toBe(true);
  expect(counts.byProject.get("prj_evals")).toEqual({ streams: 1, estimated: 1 });
  expect(counts.byProject.get("prj_bot")).toEqual({ streams: 0, estimated: 0 });
});

test("new projects begin as the account says, and others stay as they are", async () => {
  const { _id: accountId } = await createAccount({ email: "mira@example.com" });
  const first = await createProject({ accountId, name: "first" });
  await setExactUsageOfNewProjects({ accountId, isOn: true });
  const second = await createProject({ accountId, name: "second" });
  await setExactUsageOfNewProjects({ accountId, isOn: false });
  const third = await createProject({ accountId, name: "third" });
  await setExactStreamUsage({ accountId, projectId: third.id, isOn: true });
  const projects = (await findById(accountId))?.projects ?? [];
  // An account begins with one project.
  expect(projects.slice(1).map(({ id, exactStreamUsage }) => [id, exactStreamUsage])).toEqual([
    [first.id, undefined],
    [second.id, true],
    [third.id, true],
  ]);
  expect(third.exactStreamUsage).toBe(false);
  await expect(
    setExactUsageOfNewProjects({ accountId: "usr_missing", isOn: true }),
  ).rejects.toThrow("There is no such account.");
});
