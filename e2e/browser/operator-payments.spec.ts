import { randomUUID } from "node:crypto";
import { HEARTBEAT_MS, type Instance } from "@/lib/instances/schema";
import type { Purchase } from "@/lib/purchases/schema";
import type { UsageRow } from "@/lib/usage/schema";
import { formatCount, formatUsd } from "@/lib/format";
import type { Wallet } from "@/lib/wallets/schema";
import { createTestWallet } from "./crypto-wallet";
import {
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  expect,
  signIn,
  test,
} from "./fixtures";
import {
  PAGE,
  OPERATOR,
  TREASURY,
  accountPage,
  auditLog,
  accounts,
  accountOf,
  actionsOf,
  problemsOf,
  statusOf,
  signInOperator,
  pressForRequest,
  resendAction,
  type ResendMail,
} from "./operator";

test("Today's figures are those of all rows of the day", async ({ page }) => {
  const customer = await createCustomer({ credits: "5" });
  await (await accounts()).updateOne({ _id: customer.accountId }, { $set: { "free.requests": 0 } });
  expect(await statusOf(customer.key)).toBe(200);
  expect(await statusOf(customer.key, 'Hello [[sandbox: {"status": 500}]]')).toBe(500);
  await signInOperator(page);
  const read = async () => {
    const day = new Date(new Date().setUTCHours(0, 0, 0, 0));
    const rows = await (
      await database()
    )
      .collection<UsageRow>("usage")
      .find({ at: { $gte: day } })
      .toArray();
    const sum = (of: (row: UsageRow) => number) => rows.reduce((all, row) => all + of(row), 0);
    const has = (...ends: UsageRow["endedBy"][]) =>
      rows.filter(({ endedBy }) => ends.includes(endedBy)).length;
    const tokens = ({ tokens: { input, cacheRead, cacheWrite5m, cacheWrite1h } }: UsageRow) =>
      input + cacheRead + cacheWrite5m + cacheWrite1h;
    return [
      formatCount(rows.length),
      `${formatCount(rows.length - has("complete", "client_left"))} error`,
      `${formatCount(sum(tokens))} in, ${formatCount(sum((row) => row.tokens.output))} out`,
      formatUsd(
        sum((row) => (row.free ? 0 : row.cost)),
        6,
      ),
      `free requests worth ${formatUsd(sum((row) => (row.free ? row.cost : 0)))}`,
      formatCount(has("provider_error", "provider_cut", "timeout")),
    ];
  };
  // Other tests send requests meanwhile: compared where none came between two looks.
  await expect(async () => {
    const figures = await read();
    await page.goto(PAGE);
    expect(await read()).toEqual(figures);
    const strip = await page.locator("main dl").first().innerText();
    for (const text of figures) expect(strip).toContain(text);
  }).toPass({ timeout: 90_000 });
  const providerErrors = page.locator("main dl").first().locator("dd.text-xl").last();
  expect(Number((await providerErrors.innerText()).replaceAll(",", ""))).toBeGreaterThan(0);
});

test("A channel shows how it fares on each server, within a heartbeat", async ({ page }) => {
  await signInOperator(page);
  const instances = (await database()).collection<Instance>("instances");
  const row = (id: string) =>
    page
      .getByRole("table", { name: /^Provider credentials/ })
      .getByRole("row")
      .filter({ hasText: id });
  await page.goto(PAGE);
  await expect(row("anthropic-1")).toContainText("ready");
  const until = new Date(Date.now() + 60_000);
  const ready = { stopped: null, breakerUntil: null, failingAccounts: 0, cooldowns: [] };
  const otherInstance: Instance = {
    _id: `ins_${randomUUID()}`,
    seenAt: new Date(Date.now() + 20_000),
    channels: [
      {
        ...ready,
        id: "anthropic-1",
        provider: "anthropic",
        stopped: { problem: "no_credits", since: new Date(), until },
      },
      {
        ...ready,
        id: "elsewhere-9",
        provider: "xai",
        cooldowns: [{ model: "grok-4.7", until }],
      },
    ],
  };
  await instances.insertOne(otherInstance);
  await page.reload();
  await expect(row("anthropic-1")).toContainText("stopped: no credits");
  await expect(row("anthropic-1")).toContainText(
    `next attempt ${until.toISOString().slice(11, 19)}`,
  );
  await expect(row("elsewhere-9")).toContainText("1 model in cooldown");
  await expect(row("elsewhere-9")).toContainText("grok-4.7");
  // A process that has shown no life for half a minute counts no more.
  await instances.updateOne(
    { _id: otherInstance._id },
    { $set: { seenAt: new Date(Date.now() - 31_000) } },
  );
  await page.reload();
  await expect(row("anthropic-1")).not.toContainText("stopped");
  await expect(row("elsewhere-9")).toHaveCount(0);
  await instances.deleteOne({ _id: otherInstance._id });

  // The limit of xAI's chat leaves reasoning out, so the model's maximum is held.
  const customer = await createCustomer({ credits: "500" });
  const fails = 'Hello [[sandbox: {"status": 500}]]';
  await expect(async () => {
    expect(await statusOf(customer.key, fails, "grok-4.7")).toBe(500);
    await page.waitForTimeout(HEARTBEAT_MS);
    await page.reload();
    await expect(row("xai-1")).toContainText("errors for 1 account", { timeout: 1_000 });
  }).toPass({ timeout: 90_000 });
});

test("A payment by card that waits is listed with its account and why", async ({ page }) => {
  await signInOperator(page);
  const customer = await createCustomer();
  const purchase: Purchase = {
    _id: `pur_${randomUUID()}`,
    kind: "checkout",
    accountId: customer.accountId,
    amount: 20_000_000_000,
    fee: 0,
    status: "attention",
    reason: "It was paid in another currency than ordered.",
    checkout: "cs_test_of_this",
    createdAt: new Date(),
    checks: 1,
  };
  const purchases = (await database()).collection<Purchase>("purchases");
  await purchases.insertOne(purchase);
  await page.goto(PAGE);
  const waiting = page.getByRole("row").filter({ hasText: "cs_test_of_this" });
  for (const text of [customer.email, "another currency", "$20.00"])
    await expect(waiting).toContainText(text);
  await checkPage(page, "with a payment that waits");
  await waiting.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(customer.email);
  await purchases.deleteOne({ _id: purchase._id });
});

test.describe("a transfer from an unknown sender", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  test("waits on the page and is assigned once, only by the operator", async ({ page }) => {
    const [{ token, accountId: operator }, customer, otherCustomer] = [
      await signInOperator(page),
      await createCustomer(),
      await createCustomer(),
    ];
    const wallet = await createTestWallet();
    // The sandbox looks at its chains once some account has linked a wallet.
    const address = `0x${randomUUID().replaceAll("-", "").padEnd(40, "0")}`;
    const walletRecord: Wallet = {
      _id: address,
      address,
      accountId: otherCustomer.accountId,
      chain: null,
      linkedAt: new Date(),
    };
    await (await database()).collection<Wallet>("wallets").insertOne(walletRecord);
    const hash = await wallet.send({ chain: "base", token: "USDC", to: TREASURY, dollars: 37 });
    const row = page.getByRole("row").filter({ hasText: `${hash.slice(0, 8)}…${hash.slice(-6)}` });
    await expect(async () => {
      await page.goto(PAGE);
      await expect(row).toHaveCount(1, { timeout: 1_000 });
    }).toPass({ timeout: 60_000 });
    for (const text of ["$37.00", "USDC", "Base"]) await expect(row).toContainText(text);
    await checkEverywhere(page, PAGE);
    await page.setViewportSize({ width: 1280, height: 800 });

    const assign = async (account: string) => {
      await row.getByRole("textbox").fill(account);
      await row.getByRole("button", { name: "Assign" }).click();
    };
    const nobody = "nobody.of.that.name@example.com";
    const request = await pressForRequest(page, () => assign(nobody), row.getByRole("alert"));
    await expect(row.getByRole("alert")).toHaveText("There is no account with that address or id.");
    await expect(row.getByRole("textbox")).toHaveValue(nobody);

    const theirs = await signIn(await page.context().newPage(), otherCustomer);
    const change = (body: string) => body.replace(nobody, otherCustomer.email);
    for (const resend of [
      { token: null },
      { token: theirs },
      { token, origin: null },
    ] satisfies ResendMail[])
      expect((await resendAction(request, { ...resend, change })).status).toBe(
        "origin" in resend ? 403 : 404,
      );
    expect((await accountOf(otherCustomer))?.credits).toBe(0);

    await signIn(page, { accountId: operator });
    await assign(customer.email);
    // The chain is asked once more before anything is credited.
    await expect(row).toHaveCount(0, { timeout: 60_000 });
    expect((await accountOf(customer))?.credits).toBe(37_000_000_000);
    // Sent once more, for another account: it was credited before.
    expect((await resendAction(request, { token, change })).text).toContain("credited before");
    expect((await accountOf(otherCustomer))?.credits).toBe(0);
    expect((await actionsOf(customer)).filter(({ what: kind }) => kind === "assign")).toMatchObject(
      [{ operator, amount: 37_000_000_000, entry: `base:${hash}:0`, done: true }],
    );
    expect((await actionsOf(otherCustomer)).filter(({ what: kind }) => kind === "assign")).toEqual(
      [],
    );
    await page.goto(accountPage(customer));
    const action = auditLog(page).getByRole("row").filter({ hasText: "Assigned a transfer" });
    for (const text of [OPERATOR, customer.email, "$37.00"])
      await expect(action).toContainText(text);
    expect(await problemsOf(customer)).toEqual([]);
  });
});
