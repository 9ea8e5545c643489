import { afterAll, expect, test, vi } from "vitest";
import { createAccount } from "@/lib/accounts/create";
import { placeHold } from "@/lib/accounts/hold";
import { setAccountLimits, setLimits } from "@/lib/accounts/limits";
import { muteAlerts } from "@/lib/accounts/mute-alerts";
import { settleHold } from "@/lib/accounts/settle";
import { useOwnDatabase } from "@/lib/db/own-database";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { createKey } from "@/lib/keys/create";
import { post } from "@/lib/ledger/post";
import { listAlerts } from "@/lib/limit-alerts/queries";
import { collection } from "@/lib/db/collection";
import type { Account } from "@/lib/accounts/schema";
import { recordUsage } from "@/lib/usage/record";
import { NO_TOKENS } from "@/lib/usage/schema";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import * as clock from "@/lib/clock";
import { listDeliveries } from "@/lib/webhook-deliveries/queries";
import { addEndpoint } from "@/lib/webhooks/endpoints";
import { ensureIndexes } from "../boot";
import { startMail } from "../../../sandbox/mail";
import { sendSpikeAlerts } from "./spikes";
import { sendThresholdAlerts } from "./thresholds";

const mail = await startMail();
vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
useOwnDatabase(ensureIndexes);
afterAll(mail.close);

const CREDIT = 1_000_000_000;
const NOW = Date.UTC(2026, 10, 24, 12, 30);
const HOUR = 3_600_000;
let count = 0;

async function customer() {
  const email = `alert${++count}@example.com`;
  const { _id: accountId, projects } = await createAccount({ email });
  const projectId = projects[0]?.id ?? "";
  await post({ sourceId: `grt_a${count}`, accountId, kind: "grant", amount: 100 * CREDIT });
  const all = collection<Account>("accounts");
  await all.updateOne({ _id: accountId }, { $set: { "free.requests": 0 } });
  const { secret } = await createKey({ accountId, projectId, name: "k" });
  return { email, accountId, projectId, digest: digestOf(secret, env().keyPepper) };
}
type Customer = Awaited<ReturnType<typeof customer>>;

const hold = ({ digest }: Customer, maxCost: number, now = NOW) =>
  placeHold({
    requestId: `req_a${++count}`,
    digest,
    model: "m",
    endpoint: "chat",
    address: "",
    maxCost,
    expectedCost: maxCost,
    by: "ins_1",
    now,
    left: { aborted: true },
  });

async function spend(owner: Customer, cost: number, now = NOW): Promise<void> {
  const { accountId, hold: open } = await hold(owner, cost, now);
  await recordSpend(owner, cost, now, open.id);
  await settleHold({ accountId, hold: open, cost, kept: true });
}

/** The row of a request, without its charge. */
const recordSpend = (owner: Customer, cost: number, now: number, id = `req_b${++count}`) =>
  recordUsage({
    _id: id,
    accountId: owner.accountId,
    projectId: owner.projectId,
    model: "m",
    provider: "openai",
    channel: "c",
    endpoint: "chat",
    stream: false,
    status: 200,
    cost,
    at: new Date(now),
    endedBy: "complete",
    tokens: NO_TOKENS,
    free: false,
    latencyMs: 1,
    firstByteMs: 1,
    usageSource: "provider",
  });

const subjects = async ({ email }: Customer) =>
  (await listMail()).filter(({ to }) => to === email).map(({ subject }) => subject);

test("50, 80 and 100% of a limit are mailed once each, and again after it was raised", async () => {
  await emptyMailbox();
  const owner = await customer();
  await setLimits({ ...owner, limits: { creditsPerDay: 10 * CREDIT }, now: NOW });
  await spend(owner, 4 * CREDIT);
  await sendThresholdAlerts(NOW);
  expect(await subjects(owner)).toEqual([]);
  await spend(owner, 1 * CREDIT);
  await Promise.all([sendThresholdAlerts(NOW), sendThresholdAlerts(NOW)]);
  expect(await subjects(owner)).toEqual([expect.stringContaining("50%")]);
  await spend(owner, 4 * CREDIT);
  await sendThresholdAlerts(NOW);
  await sendThresholdAlerts(NOW);
  expect(await subjects(owner)).toHaveLength(2);
  await expect(hold(owner, 2 * CREDIT)).rejects.toMatchObject({ limit: "project_day" });
  await sendThresholdAlerts(NOW);
  expect((await subjects(owner)).toSorted()).toEqual([
    expect.stringContaining("has reached"),
    expect.stringContaining("50%"),
    expect.stringContaining("80%"),
  ]);
  await setLimits({ ...owner, limits: { creditsPerDay: 15 * CREDIT }, now: NOW });
  await spend(owner, 1 * CREDIT);
  await sendThresholdAlerts(NOW);
  expect(await subjects(owner)).toHaveLength(4);
  const alerts = await listAlerts({ accountId: owner.accountId, limit: 10 });
  expect(alerts.map((alert) => alert.kind === "threshold" && alert.percent)).toEqual(
    expect.arrayContaining([50, 80, 100, 50]),
  );
  for (const { sentTo } of alerts) expect(sentTo).toEqual({ people: 1, webhooks: 0 });
});

test("of thresholds that are passed together only the highest is mailed", async () => {
  await emptyMailbox();
  const owner = await customer();
  await setAccountLimits({ ...owner, limits: { creditsTotal: 10 * CREDIT }, now: NOW });
  await spend(owner, 9 * CREDIT);
  await sendThresholdAlerts(NOW);
  await sendThresholdAlerts(NOW);
  expect(await subjects(owner)).toEqual([expect.stringContaining("80%")]);
});

test("an hour above four times the usual is mailed once a day; a new project has no usual hour", async () => {
  await emptyMailbox();
  const [owner, fresh] = [await customer(), await customer()];
  for (let day = 1; day <= 14; day++) await spend(owner, 0.25 * CREDIT, NOW - day * 24 * HOUR);
  await spend(owner, 1 * CREDIT);
  await spend(fresh, 5 * CREDIT);
  await sendSpikeAlerts(NOW);
  // Four times the usual is not above it.
  expect(await subjects(owner)).toEqual([]);
  await spend(owner, 0.1 * CREDIT);
  await Promise.all([sendSpikeAlerts(NOW), sendSpikeAlerts(NOW)]);
  expect(await subjects(owner)).toEqual([expect.stringContaining("more than usual")]);
  expect(await subjects(fresh)).toEqual([]);
});

test("each crossing is one webhook event, and no mail where alerts are switched off", async () => {
  await emptyMailbox();
  const owner = await customer();
  const { accountId, projectId } = owner;
  await addEndpoint({
    accountId,
    url: "http://127.0.0.1:4009/hook",
    events: ["limit.threshold", "spend.spike"],
    creator: { kind: "person", id: accountId, name: "Mira" },
  });
  // What happened before the endpoint was added would be passed over.
  const now = clock.now();
  for (const kind of ["threshold", "spike"] as const)
    await muteAlerts({ accountId, kind, isMuted: true });
  await setLimits({ ...owner, limits: { creditsPerMonth: 10 * CREDIT }, now });
  for (let day = 1; day <= 14; day++)
    await recordSpend(owner, 0.25 * CREDIT, now - day * 24 * HOUR);
  await spend(owner, 6 * CREDIT, now);
  for (let i = 0; i < 2; i++) {
    await Promise.all([sendThresholdAlerts(now), sendThresholdAlerts(now)]);
    await Promise.all([sendSpikeAlerts(now), sendSpikeAlerts(now)]);
  }
  await spend(owner, 3 * CREDIT, now);
  await sendThresholdAlerts(now);
  const events = (await listDeliveries({ accountId, limit: 10 })).map(
    ({ payload }) => JSON.parse(payload) as { type: string; data: Record<string, unknown> },
  );
  expect(events.map(({ type, data }) => [type, data.percent ?? data.usual]).toSorted()).toEqual([
    ["limit.threshold", 50],
    ["limit.threshold", 80],
    ["spend.spike", "0.250000000"],
  ]);
  expect(events.find(({ data }) => data.percent === 80)?.data).toMatchObject({
    owner: { kind: "project", id: projectId },
    window: "month",
    limit: "10.000000000",
    charged: "9.000000000",
  });
  expect(await subjects(owner)).toEqual([]);
});

test("an alert that is switched off is not mailed, also not after it is switched on again", async () => {
  await emptyMailbox();
  const owner = await customer();
  const mute = (kind: "threshold" | "spike", isMuted: boolean) =>
    muteAlerts({ accountId: owner.accountId, kind, isMuted });
  await setLimits({ ...owner, limits: { creditsTotal: 10 * CREDIT }, now: NOW });
  await mute("threshold", true);
  await mute("threshold", true);
  await spend(owner, 6 * CREDIT);
  await sendThresholdAlerts(NOW);
  await mute("threshold", false);
  await sendThresholdAlerts(NOW);
  expect(await subjects(owner)).toEqual([]);
  expect(await listAlerts({ accountId: owner.accountId, limit: 10 })).toEqual([]);
  await spend(owner, 2 * CREDIT);
  await sendThresholdAlerts(NOW);
  expect(await subjects(owner)).toEqual([expect.stringContaining("80%")]);

  for (let day = 1; day <= 14; day++) await spend(owner, 0.01 * CREDIT, NOW - day * 24 * HOUR);
  await mute("spike", true);
  await sendSpikeAlerts(NOW);
  await mute("spike", false);
  await sendSpikeAlerts(NOW);
  expect(await subjects(owner)).toHaveLength(1);
  await expect(
    muteAlerts({ accountId: "usr_missing", kind: "spike", isMuted: true }),
  ).rejects.toMatchObject({ code: "not_found" });
});
