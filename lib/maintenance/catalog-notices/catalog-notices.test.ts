import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { createAccount } from "@/lib/accounts/create";
import { listNotices } from "@/lib/catalog/notices/queries";
import { dismissNotices, eraseNotices } from "@/lib/catalog/notices/record";
import { applyOverlay } from "@/lib/catalog/overlays/apply";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS } from "@/lib/usage/schema";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { addEndpoint } from "@/lib/webhooks/endpoints";
import { startMail } from "@/sandbox/mail";
import { notifyCustomers } from "./notify";

const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
let mail: Awaited<ReturnType<typeof startMail>>;
let [user, otherUser] = ["", ""];

// The environment is read once: the mailbox is part of it.
beforeAll(async () => {
  mail = await startMail();
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});
useOwnDatabase(ensureIndexes);

beforeAll(async () => {
  user = (await createAccount({ email: "user@example.com" }))._id;
  otherUser = (await createAccount({ email: "other@example.com" }))._id;
  // Today's own list must not decide what is tried here.
  const models = {
    "gpt-6-sol": { retires: dayIn(10), replacedBy: "gpt-6.2-sol" },
    "gpt-6.1-sol": { retires: dayIn(60), replacedBy: "gpt-6.2-sol" },
    "gpt-6-luna": {
      prices: [
        { from: "2026-09-22", rates: { input: 0.1, output: 0.5 } },
        { from: dayIn(5), rates: { input: 0.1, output: 0.6 } },
      ],
    },
    "gpt-6.1-terra": {
      prices: [
        { from: "2026-10-26", rates: { input: 1, output: 5 } },
        { from: dayIn(5), rates: { input: 0.5, output: 5 } },
      ],
    },
  };
  await applyOverlay({ text: JSON.stringify({ models }), by: null });
  for (const model of Object.keys(models)) await use(user, model);
  await addEndpoint({
    accountId: user,
    url: "http://127.0.0.1:4009/hook",
    events: ["model.retiring", "model.price_raised"],
    creator: { kind: "person", id: user, name: "Mira" },
  });
  await use(otherUser, "gpt-6.2-sol");
});
afterAll(async () => {
  await mail.close();
});

let count = 0;
const use = (accountId: string, model: string) =>
  recordUsage({
    _id: `req_${++count}`,
    accountId,
    projectId: "prj_1",
    at: new Date(),
    model,
    provider: "openai",
    channel: "openai-1",
    endpoint: "responses",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: NO_TOKENS,
    cost: 0,
    free: false,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
  });
const mails = async () =>
  (await (await fetch(`${mail.url}/messages`)).json()) as {
    to: string;
    subject: string;
    text: string;
  }[];

test("users of a model that ends or costs more within 30 days get one mail and notice", async () => {
  expect(await notifyCustomers()).toEqual({ notices: 2 });
  expect((await listNotices(user)).map(({ kind, model, on }) => [kind, model, on])).toEqual([
    ["price", "gpt-6-luna", dayIn(5)],
    ["retires", "gpt-6-sol", dayIn(10)],
  ]);
  const [mail, ...extraMails] = await mails();
  expect(extraMails).toEqual([]);
  expect(mail).toMatchObject({
    to: "user@example.com",
    subject: "2 changes of models that you use",
  });
  expect(mail?.text).toContain("GPT-6 Sol ends on");
  expect(mail?.text).toContain("Send gpt-6.2-sol instead.");
  expect(mail?.text).toContain("output $0.50 to $0.60");
  expect(await listNotices(otherUser)).toEqual([]);
});

test("on the days after nothing is sent again, also from two processes", async () => {
  await Promise.all([notifyCustomers(), notifyCustomers()]);
  expect(await mails()).toHaveLength(1);
  expect(await listNotices(user)).toHaveLength(2);
});

test("each change is one webhook event", async () => {
  await notifyCustomers();
  const events = (await listDeliveries({ accountId: user, limit: 10 })).map(
    ({ payload }) => JSON.parse(payload) as { type: string; data: object },
  );
  expect(events.toSorted((a, b) => a.type.localeCompare(b.type))).toMatchObject([
    { type: "model.price_raised", data: { model: "gpt-6-luna", on: dayIn(5) } },
    {
      type: "model.retiring",
      data: { model: "gpt-6-sol", on: dayIn(10), replaced_by: "gpt-6.2-sol" },
    },
  ]);
});

test("a failed mail is sent the next time, and the notice is shown meanwhile", async () => {
  const refusedId = (await createAccount({ email: "a@refused.onekey.local" }))._id;
  await use(refusedId, "gpt-6-sol");
  await notifyCustomers();
  expect(await listNotices(refusedId)).toMatchObject([{ mailedAt: null }]);
  expect(await mails()).toHaveLength(1);
});

test("a dismissed notice is hidden only for its own account", async () => {
  const ids = (await listNotices(user)).map(({ _id }) => _id);
  await dismissNotices({ accountId: otherUser, ids });
  expect(await listNotices(user)).toHaveLength(2);
  await dismissNotices({ accountId: user, ids: ids.slice(0, 1) });
  expect(await listNotices(user)).toHaveLength(1);
  await notifyCustomers();
  expect(await listNotices(user)).toHaveLength(1);
  await eraseNotices(user);
  expect(await listNotices(user)).toEqual([]);
});
