import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { collection } from "@/lib/db/collection";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import {
  beginRequest,
  noteError,
  noteSuccess,
  resetChannelHealth,
} from "@/lib/gateway/upstream/channel-health";
import { channels } from "@/lib/gateway/upstream/channels";
import { startMail } from "../../sandbox/mail";
import { notifyOperators } from "./notify-operators";

const mail = await startMail();
const memory = globalThis as { onekeyEnv?: unknown; "onekey.channelNotices"?: unknown };

useOwnDatabase();

beforeAll(() => {
  delete memory.onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
  vi.stubEnv("OPERATOR_EMAILS", "ops@example.com,night@example.com");
});
afterAll(async () => {
  await mail.close();
});
beforeEach(async () => {
  resetChannelHealth();
  await notifyOperators();
  await emptyMailbox();
});

const outcomeOf = (id: string) => {
  const channel = channels().find((candidate) => candidate.id === id);
  if (!channel) throw new Error(`There is no channel ${id}.`);
  return beginRequest({ channel, model: "m", accountId: "usr_1", isCostless: false });
};
const stop = (id: string) =>
  noteError(outcomeOf(id), { kind: "credential", problem: "no_credits", scope: "channel" });

test("operators get one mail for each time that a channel stops", async () => {
  stop("openai-1");
  await notifyOperators();
  await notifyOperators();
  const mails = await listMail();
  expect(mails.map(({ to }) => to).toSorted()).toEqual(["night@example.com", "ops@example.com"]);
  expect(mails[0]?.subject).toBe("OpenAI is stopped on channel openai-1");
  expect(mails[0]?.text).toContain("Add credits at the provider.");
  await emptyMailbox();
  noteSuccess(outcomeOf("openai-1"));
  await notifyOperators();
  expect(await listMail()).toEqual([]);
  stop("openai-1");
  await notifyOperators();
  expect(await listMail()).toHaveLength(2);
});

test("of several instances that see a channel stopped, one sends the mail", async () => {
  stop("xai-1");
  await notifyOperators();
  // Another process has its own memory and the same database.
  delete memory["onekey.channelNotices"];
  await notifyOperators();
  expect(await listMail()).toHaveLength(2);
});

test("a stop after a restart is the same episode, one after an hour is another", async () => {
  stop("google-1");
  await notifyOperators();
  await emptyMailbox();
  delete memory["onekey.channelNotices"];
  await notifyOperators();
  expect(await listMail()).toEqual([]);
  const notices = collection<{ _id: string; seenAt: Date }>("channelNotices");
  await notices.updateOne(
    { _id: "google-1" },
    { $set: { seenAt: new Date(Date.now() - 3_600_000) } },
  );
  delete memory["onekey.channelNotices"];
  await notifyOperators();
  expect(await listMail()).toHaveLength(2);
});
