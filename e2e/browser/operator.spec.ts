import type { Locator, Page, Request } from "@playwright/test";
import { randomUUID } from "node:crypto";
import type { Account } from "@/lib/accounts/schema";
import type { Act } from "@/lib/acts/schema";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { HEARTBEAT_MS, type Instance } from "@/lib/instances/schema";
import type { Purchase } from "@/lib/purchases/schema";
import type { UsageRow } from "@/lib/usage/schema";
import { formatCount, formatUsd } from "@/lib/format";
import type { Wallet } from "@/lib/wallets/schema";
import { createTestWallet } from "./crypto-wallet";
import {
  checkEverywhere,
  checkPage,
  customer,
  database,
  expect,
  onekey,
  signIn,
  stage,
  test,
  type Customer,
} from "./stage";

const PAGE = "/dashboard/operator";
/** The one that the sandbox names where OPERATOR_EMAILS does not. */
const OPERATOR = "demo@onekey.local";
const TREASURY = "0x4f6e654b65790000000000000000000000000001";
const accountPage = ({ accountId }: Pick<Customer, "accountId">) => `${PAGE}/accounts/${accountId}`;

const panel = (page: Page, name: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) });
const trail = (page: Page) => page.getByRole("table", { name: "What operators did, the newest first" });
const accounts = async () => (await database()).collection<Account>("accounts");
const accountOf = async ({ accountId }: Pick<Customer, "accountId">) => (await accounts()).findOne({ _id: accountId });
const grantsOf = async ({ accountId }: Customer) =>
  (await database()).collection<LedgerEntry>("ledger").find({ accountId, kind: "grant" }).toArray();
const actsOf = async ({ accountId }: Customer) =>
  (await database()).collection<Act>("acts").find({ accountId }).sort({ at: 1 }).toArray();
const problemsOf = async ({ accountId }: Customer) => {
  const { problems } = (await onekey("audit").catch(
    (error: { stdout: string }) => JSON.parse(error.stdout) as unknown,
  )) as { problems: string[] };
  return problems.filter((problem) => problem.startsWith(accountId));
};
const statusOf = async (key: string, content = "Hello", model = "gpt-4o-mini"): Promise<number> => {
  const answer = await fetch(`${stage.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
  await answer.text();
  return answer.status;
};

/** Signs the browser in as the operator; returns the session's token. */
async function asOperator(page: Page): Promise<{ accountId: string; token: string }> {
  const found = () => accounts().then((all) => all.findOne({ email: OPERATOR }));
  // Another test may make it at the same time.
  if (!(await found())) await onekey("account", "create", "--email", OPERATOR).catch(() => undefined);
  const accountId = (await found())?._id ?? "";
  return { accountId, token: await signIn(page, { accountId }) };
}

const isAction = (request: Request) => request.method() === "POST" && "next-action" in request.headers();

/** Presses a button, and returns what its action was sent, once the page shows that it is done. */
async function sent(page: Page, press: () => Promise<void>, done: Locator): Promise<Request> {
  const [request] = await Promise.all([page.waitForRequest(isAction), press()]);
  await expect(done).toBeVisible();
  return request;
}

/** Sends an action once more by hand, with what is given instead of what the browser sent. */
async function again(
  request: Request,
  { token, origin = stage.origin, change = (body: string) => body, path }: Resend,
): Promise<{ status: number; text: string }> {
  const { "next-action": action = "", "content-type": type = "", "next-router-state-tree": tree } = request.headers();
  const answer = await fetch(path === undefined ? request.url() : `${stage.origin}${path}`, {
    method: "POST",
    headers: {
      "next-action": action,
      "content-type": type,
      accept: "text/x-component",
      ...(tree === undefined || path !== undefined ? {} : { "next-router-state-tree": tree }),
      ...(token === null ? {} : { cookie: `next-auth.session-token=${token}` }),
      ...(origin === null ? {} : { origin }),
    },
    body: change(request.postDataBuffer()?.toString("latin1") ?? ""),
  });
  return { status: answer.status, text: await answer.text() };
}
type Resend = {
  token: string | null;
  origin?: string | null;
  change?: (body: string) => string;
  path?: string;
};

async function grant(page: Page, { amount, reason }: { amount: string; reason: string }): Promise<void> {
  await panel(page, "Grant credits").getByLabel("Amount").fill(amount);
  await panel(page, "Grant credits").getByLabel("Reason").fill(reason);
  await panel(page, "Grant credits").getByRole("button", { name: "Grant" }).click();
}

test("The operator's pages read at every width in both themes", async ({ page }) => {
  test.setTimeout(180_000);
  await asOperator(page);
  const long = await customer({ credits: "1234.5", email: `${"long".repeat(6)}-${randomUUID()}@example.com` });
  await onekey("account", "suspend", "--email", long.email, "--reason", `a reason ${"without-spaces".repeat(12)}`);
  for (const address of [PAGE, accountPage(long), `${PAGE}/acts`]) await checkEverywhere(page, address);
});

test("A grant is credited once however often it is sent, and shows in the ledger and the trail", async ({ page }) => {
  const [{ accountId: operator, token }, them] = [await asOperator(page), await customer()];
  await page.goto(accountPage(them));
  for (const wrong of ["", "a lot", "-5", "0", "1e3", "10001"]) {
    await grant(page, { amount: wrong, reason: "goodwill" });
    await expect(panel(page, "Grant credits").getByRole("alert")).toContainText("Give an amount in dollars");
    await expect(panel(page, "Grant credits").getByLabel("Amount")).toHaveValue(wrong);
  }
  await grant(page, { amount: "12.5", reason: "  " });
  await expect(panel(page, "Grant credits").getByRole("alert")).toHaveText("Give a reason.");
  expect(await grantsOf(them)).toEqual([]);
  expect(await actsOf(them)).toEqual([]);

  const granting = () => grant(page, { amount: "$12.50", reason: "goodwill" });
  const request = await sent(page, granting, page.getByText(`Granted $12.50 to ${them.email}.`));
  await expect(panel(page, "Grant credits").getByLabel("Amount")).toHaveValue("");
  await Promise.all(Array.from({ length: 5 }, () => again(request, { token })));
  await again(request, { token, change: (body) => body.replace("12.50", "99.00") });
  const granted = await grantsOf(them);
  expect(granted).toMatchObject([{ amount: 12_500_000_000, reason: "goodwill", applied: true }]);
  expect(await accountOf(them)).toMatchObject({ credits: 12_500_000_000, posted: 12_500_000_000 });
  expect(await actsOf(them)).toMatchObject([
    { what: "grant", operator, amount: 12_500_000_000, reason: "goodwill", entry: granted[0]?._id, done: true },
  ]);
  expect(await problemsOf(them)).toEqual([]);

  // The form that follows is another grant.
  await grant(page, { amount: "1", reason: "once more" });
  await expect(page.getByText(`Granted $1.00 to ${them.email}.`)).toBeVisible();
  expect(await grantsOf(them)).toHaveLength(2);
  const row = trail(page).getByRole("row").filter({ hasText: "goodwill" });
  for (const text of [OPERATOR, "Granted credits", them.email, "$12.50"]) await expect(row).toContainText(text);

  await signIn(page, them);
  await page.goto("/dashboard/credits");
  await expect(page.getByRole("row").filter({ hasText: "goodwill" })).toContainText("$12.50");
});

test("Two presses in one breath grant once", async ({ page }) => {
  await asOperator(page);
  const them = await customer();
  await page.goto(accountPage(them));
  await panel(page, "Grant credits").getByLabel("Amount").fill("3");
  await panel(page, "Grant credits").getByLabel("Reason").fill("twice");
  await panel(page, "Grant credits")
    .locator("xpath=ancestor::form")
    .evaluate((form: HTMLFormElement) => {
      form.requestSubmit();
      form.requestSubmit();
    });
  await expect(page.getByText(`Granted $3.00 to ${them.email}.`)).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(await grantsOf(them)).toHaveLength(1);
  expect((await accountOf(them))?.credits).toBe(3_000_000_000);
  expect(await actsOf(them)).toHaveLength(1);
});

test("An account is suspended at once and lifted again, from the page and from the command line", async ({
  page,
  browser,
}) => {
  const them = await customer({ credits: "5" });
  const context = await browser.newContext({ baseURL: stage.origin });
  const theirs = await context.newPage();
  await signIn(theirs, them);
  await asOperator(page);
  await page.goto(accountPage(them));
  expect(await statusOf(them.key)).toBe(200);
  const suspend = panel(page, "Suspend");
  await suspend.getByRole("button", { name: "Suspend" }).click();
  await expect(suspend.getByRole("alert")).toHaveText("Give a reason.");
  expect(await statusOf(them.key)).toBe(200);
  await suspend.getByLabel("Reason").fill("stolen card");
  await suspend.getByRole("button", { name: "Suspend" }).click();
  await expect(panel(page, "Suspended")).toBeVisible();
  expect(await statusOf(them.key)).toBe(401);
  await theirs.goto("/dashboard");
  await expect(theirs).toHaveURL(/\/sign-in\?next=/);
  await signIn(theirs, them);
  await theirs.goto("/dashboard");
  await expect(theirs.getByText("This account is suspended since")).toBeVisible();
  await context.close();

  await panel(page, "Suspended").getByLabel("Reason").fill("it was theirs");
  await panel(page, "Suspended").getByRole("button", { name: "Lift" }).click();
  await expect(panel(page, "Suspend")).toBeVisible();
  expect(await statusOf(them.key)).toBe(200);

  await onekey("account", "suspend", "--email", them.email, "--reason", "stolen once more");
  await onekey("account", "lift", "--email", them.email, "--reason", "and back");
  await onekey("credits", "grant", "--email", them.email, "--amount", "2", "--reason", "for the trouble");
  await page.reload();
  const said = await trail(page).locator("tbody tr").allInnerTexts();
  const expected = [
    ["command line", "Granted credits", "for the trouble"],
    ["command line", "Lifted the suspension", "and back"],
    ["command line", "Suspended", "stolen once more"],
    [OPERATOR, "Lifted the suspension", "it was theirs"],
    [OPERATOR, "Suspended", "stolen card"],
    ["command line", "Granted credits", "account created"],
  ];
  expect(said).toHaveLength(expected.length);
  expected.forEach((words, i) => {
    for (const word of [...words, them.email]) expect(said[i]).toContain(word);
  });
  await page.goto(`${PAGE}/acts`);
  for (const [, what = "", reason = ""] of expected)
    await expect(
      trail(page).getByRole("row").filter({ hasText: them.email }).filter({ hasText: reason }),
    ).toContainText(what);
  expect(await problemsOf(them)).toEqual([]);
});

test("No operator suspends their own account", async ({ page }) => {
  const me = await asOperator(page);
  await page.goto(accountPage(me));
  await panel(page, "Suspend").getByLabel("Reason").fill("a mistake");
  await panel(page, "Suspend").getByRole("button", { name: "Suspend" }).click();
  await expect(panel(page, "Suspend").getByRole("alert")).toContainText("This is your own account");
  expect(await accountOf(me)).not.toHaveProperty("suspendedAt");
});

test("Accounts are found by the beginning of their address, their id or a project, and turned page by page", async ({
  page,
}) => {
  await asOperator(page);
  const mark = `find-${randomUUID().slice(0, 8)}`;
  const them = await customer({ credits: "7.25", email: `${mark}-000@example.com` });
  const model = await accountOf(them);
  if (!model) throw new Error("The account is not there.");
  const { keys: _, ...bare } = model;
  await (
    await accounts()
  ).insertMany(
    Array.from({ length: 59 }, (__, n) => ({
      ...bare,
      _id: `usr_${mark.replace("-", "")}${n}`,
      email: `${mark}-${String(n + 1).padStart(3, "0")}@example.com`,
      projects: [],
      credits: 0,
      posted: 0,
      seq: 0,
    })),
  );
  await page.goto(PAGE);
  const table = page.getByRole("table", { name: "Accounts by their addresses" });
  const find = async (text: string) => {
    await page.getByRole("searchbox", { name: "Find accounts" }).fill(text);
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL(new RegExp(`[?&]q=${encodeURIComponent(text)}$`));
  };
  const shown = () => table.locator("tbody tr a").allInnerTexts();
  await find(mark.toUpperCase());
  const seen: string[] = [];
  for (const count of [25, 25, 10]) {
    await expect(table.locator("tbody tr")).toHaveCount(count);
    await expect.poll(shown).not.toContain(seen.at(-1));
    seen.push(...(await shown()));
    if (count === 25) await page.getByRole("link", { name: "Next page" }).click();
  }
  expect(seen).toEqual(Array.from({ length: 60 }, (__, n) => `${mark}-${String(n).padStart(3, "0")}@example.com`));
  await expect(page.getByRole("link", { name: "Next page" })).toHaveCount(0);
  for (const id of [them.accountId, them.project]) {
    await find(id);
    await expect(table.locator("tbody tr")).toHaveCount(1);
    await expect(table.locator("tbody tr")).toContainText("$7.250000");
  }
  await find("usr_nobody");
  await expect(page.getByText("No account with that id")).toBeVisible();
  await (await accounts()).deleteMany({ _id: { $regex: `^usr_${mark.replace("-", "")}` } });
});

test("Today's figures are those of all rows of the day", async ({ page }) => {
  const them = await customer({ credits: "5" });
  await (await accounts()).updateOne({ _id: them.accountId }, { $set: { "free.requests": 0 } });
  expect(await statusOf(them.key)).toBe(200);
  expect(await statusOf(them.key, 'Hello [[sandbox: {"status": 500}]]')).toBe(500);
  await asOperator(page);
  const read = async () => {
    const day = new Date(new Date().setUTCHours(0, 0, 0, 0));
    const rows = await (
      await database()
    )
      .collection<UsageRow>("usage")
      .find({ at: { $gte: day } })
      .toArray();
    const sum = (of: (row: UsageRow) => number) => rows.reduce((all, row) => all + of(row), 0);
    const has = (...ends: UsageRow["endedBy"][]) => rows.filter(({ endedBy }) => ends.includes(endedBy)).length;
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
    const expected = await read();
    await page.goto(PAGE);
    expect(await read()).toEqual(expected);
    const strip = await page.locator("main dl").first().innerText();
    for (const text of expected) expect(strip).toContain(text);
  }).toPass({ timeout: 40_000 });
  expect(Number((await page.locator("main dl dd.text-xl").last().innerText()).replaceAll(",", ""))).toBeGreaterThan(0);
});

test("A channel shows how it fares on each server, within a heartbeat", async ({ page }) => {
  await asOperator(page);
  const instances = (await database()).collection<Instance>("instances");
  const row = (id: string) =>
    page
      .getByRole("table", { name: /^Credentials/ })
      .getByRole("row")
      .filter({ hasText: id });
  await page.goto(PAGE);
  await expect(row("anthropic-1")).toContainText("ready");
  const until = new Date(Date.now() + 60_000);
  const other: Instance = {
    _id: `ins_${randomUUID()}`,
    seenAt: new Date(Date.now() + 20_000),
    channels: [
      { id: "anthropic-1", provider: "anthropic", failures: 3, restsUntil: until },
      { id: "elsewhere-9", provider: "xai", failures: 2, restsUntil: null },
    ],
  };
  await instances.insertOne(other);
  await page.reload();
  await expect(row("anthropic-1")).toContainText(`rests until ${until.toISOString().slice(11, 19)}`);
  await expect(row("elsewhere-9")).toContainText("2 failures in a row");
  // A process that has shown no life for half a minute counts no more.
  await instances.updateOne({ _id: other._id }, { $set: { seenAt: new Date(Date.now() - 31_000) } });
  await page.reload();
  await expect(row("anthropic-1")).not.toContainText("rests until");
  await expect(row("elsewhere-9")).toHaveCount(0);
  await instances.deleteOne({ _id: other._id });

  const them = await customer();
  const fails = 'Hello [[sandbox: {"status": 500}]]';
  await expect(async () => {
    expect(await statusOf(them.key, fails, "grok-4.7")).toBe(500);
    await page.waitForTimeout(HEARTBEAT_MS);
    await page.reload();
    await expect(row("xai-1")).toContainText("in a row", { timeout: 1_000 });
  }).toPass({ timeout: 40_000 });
});

test("A payment by card that waits is listed with its account and why", async ({ page }) => {
  await asOperator(page);
  const them = await customer();
  const purchase: Purchase = {
    _id: `pur_${randomUUID()}`,
    kind: "checkout",
    accountId: them.accountId,
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
  for (const text of [them.email, "another currency", "$20.00"]) await expect(waiting).toContainText(text);
  await checkPage(page, "with a payment that waits");
  await waiting.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(them.email);
  await purchases.deleteOne({ _id: purchase._id });
});

test("An act that was broken off stands in the trail as one that is not finished", async ({ page }) => {
  const { accountId: operator } = await asOperator(page);
  const them = await customer();
  await (await database()).collection<Act>("acts").insertOne({
    _id: `act_${randomUUID()}`,
    at: new Date(),
    operator,
    what: "suspend",
    accountId: them.accountId,
    reason: "?",
    done: false,
  });
  await page.goto(accountPage(them));
  await expect(trail(page).getByRole("row").filter({ hasText: "Suspended" })).toContainText("not finished");
  await expect(trail(page).getByRole("row").filter({ hasText: "Granted" })).toHaveCount(0);
});

test("Markup in an address or a reason is text", async ({ page }) => {
  await asOperator(page);
  const them = await customer();
  const markup = `<img src=x onerror="document.title='run'">`;
  await (await accounts()).updateOne({ _id: them.accountId }, { $set: { email: `${markup}@example.com` } });
  await page.goto(accountPage(them));
  await grant(page, { amount: "1", reason: markup });
  await expect(trail(page).getByRole("cell", { name: markup, exact: true })).toBeVisible();
  for (const address of [accountPage(them), PAGE, `${PAGE}/acts`]) {
    await page.goto(address);
    await expect(page.getByText(markup).filter({ visible: true }).first()).toBeVisible();
    await expect(page.locator("main img")).toHaveCount(0);
    expect(await page.title()).not.toBe("run");
  }
});

test.describe("a transfer from an unknown sender", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  test("waits on the page, is assigned once by the operator alone, and shows in the trail", async ({ page }) => {
    test.setTimeout(120_000);
    const [{ token, accountId: operator }, them, other] = [await asOperator(page), await customer(), await customer()];
    const wallet = await createTestWallet();
    // The sandbox looks at its chains once some account has linked a wallet.
    const address = `0x${randomUUID().replaceAll("-", "").padEnd(40, "0")}`;
    const linked: Wallet = { _id: address, address, accountId: other.accountId, chain: null, linkedAt: new Date() };
    await (await database()).collection<Wallet>("wallets").insertOne(linked);
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
    const request = await sent(page, () => assign(nobody), row.getByRole("alert"));
    await expect(row.getByRole("alert")).toHaveText("There is no account with that address or id.");
    await expect(row.getByRole("textbox")).toHaveValue(nobody);

    const theirs = await signIn(await page.context().newPage(), other);
    const change = (body: string) => body.replace(nobody, other.email);
    for (const resend of [{ token: null }, { token: theirs }, { token, origin: null }] satisfies Resend[])
      expect((await again(request, { ...resend, change })).status).toBe(404);
    expect((await accountOf(other))?.credits).toBe(0);

    await signIn(page, { accountId: operator });
    await assign(them.email);
    // The chain is asked once more before anything is credited.
    await expect(row).toHaveCount(0, { timeout: 30_000 });
    expect((await accountOf(them))?.credits).toBe(37_000_000_000);
    // Sent once more, for another account: it was credited before.
    expect((await again(request, { token, change })).text).toContain("credited before");
    expect((await accountOf(other))?.credits).toBe(0);
    expect((await actsOf(them)).filter(({ what }) => what === "assign")).toMatchObject([
      { operator, amount: 37_000_000_000, entry: `base:${hash}:0`, done: true },
    ]);
    expect((await actsOf(other)).filter(({ what }) => what === "assign")).toEqual([]);
    await page.goto(accountPage(them));
    const act = trail(page).getByRole("row").filter({ hasText: "Assigned a transfer" });
    for (const text of [OPERATOR, them.email, "$37.00"]) await expect(act).toContainText(text);
    expect(await problemsOf(them)).toEqual([]);
  });
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, allowedConsole: [/404 \(Not Found\)/] });

  test("a grant is made, and the form of one who is no operator any more is the page that is not there", async ({
    page,
  }) => {
    const [, them, other] = [await asOperator(page), await customer(), await customer()];
    await page.goto(accountPage(them));
    await grant(page, { amount: "nothing", reason: "kept" });
    await expect(page.getByText("Give an amount in dollars")).toBeVisible();
    await expect(panel(page, "Grant credits").getByLabel("Reason")).toHaveValue("kept");
    await grant(page, { amount: "6", reason: "by a plain form" });
    await expect(page.getByText(`Granted $6.00 to ${them.email}.`)).toBeVisible();
    expect((await accountOf(them))?.credits).toBe(6_000_000_000);

    await page.goto(accountPage(them));
    await signIn(page, other);
    await grant(page, { amount: "7", reason: "for me" });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is nothing at this address");
    await expect(page.getByText(them.email)).toHaveCount(0);
    expect((await accountOf(them))?.credits).toBe(6_000_000_000);
    expect(await actsOf(them)).toHaveLength(1);
  });
});

test.describe("everyone else", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  /** What a visitor can tell a page by. */
  async function look(page: Page, address: string) {
    const answer = await page.goto(address);
    const { date: _, ...headers } = answer?.headers() ?? {};
    const nonce = /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "";
    return {
      status: answer?.status(),
      headers: JSON.stringify(headers).replaceAll(nonce, "nonce"),
      title: await page.title(),
      text: await page.locator("body").innerText(),
      robots: await page.locator("meta[name=robots]").first().getAttribute("content"),
    };
  }

  test("A visitor and another account see the page that is not there", async ({ page, signedIn }) => {
    const them = await customer();
    const addresses = [PAGE, `${PAGE}?q=a`, accountPage(them), `${PAGE}/accounts/usr_nobody`, `${PAGE}/acts`];
    for (const who of ["a visitor", "another account"]) {
      if (who === "another account") await signedIn();
      const missing = await look(page, "/dashboard/there-is-no-such-page");
      expect(missing).toMatchObject({ status: 404, text: expect.stringContaining("There is nothing at this address") });
      for (const address of addresses) expect(await look(page, address), `${who}: ${address}`).toEqual(missing);
    }
    await page.goto("/dashboard");
    await expect(page.getByRole("navigation", { name: "Dashboard" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Operator" })).toHaveCount(0);
  });

  test("Each act sent by hand by a visitor, another account, or from elsewhere is the same 404 and does nothing", async ({
    page,
  }) => {
    test.setTimeout(120_000);
    const [{ token }, them, other] = [await asOperator(page), await customer(), await customer()];
    await page.goto(accountPage(them));
    const suspension = async (name: "Suspend" | "Lift") => {
      const it = panel(page, name === "Suspend" ? "Suspend" : "Suspended");
      await it.getByLabel("Reason").fill("for a request");
      await it.getByRole("button", { name }).click();
    };
    const requests = {
      grant: await sent(
        page,
        () => grant(page, { amount: "4", reason: "for a request" }),
        page.getByText(`Granted $4.00 to ${them.email}.`),
      ),
      suspend: await sent(page, () => suspension("Suspend"), panel(page, "Suspended")),
      lift: await sent(page, () => suspension("Lift"), panel(page, "Suspend")),
    };
    const target = await customer({ credits: "1" });
    const before = [await accountOf(target), await actsOf(target), await grantsOf(target)];
    const fresh = (body: string) =>
      body.replaceAll(them.accountId, target.accountId).replace(/grt_\w{22}/, `grt_${"Z".repeat(22)}`);
    const others = await signIn(await page.context().newPage(), other);
    for (const [name, request] of Object.entries(requests)) {
      const tries: Resend[] = [
        { token: null },
        { token: others },
        { token: "made-up" },
        { token, origin: null },
        { token, origin: "https://elsewhere.example" },
      ];
      // At another address too the act finds its own code, and with it the same door.
      await again(request, { token: others, path: "/dashboard/there-is-no-such-page", change: fresh });
      for (const resend of tries) {
        const { status, text } = await again(request, { ...resend, change: fresh });
        // What comes from a page elsewhere is refused before any of our code runs.
        const refused = resend.origin === "https://elsewhere.example" ? 500 : 404;
        expect(status, `${name} ${JSON.stringify(resend)}`).toBe(refused);
        expect(text).not.toContain(target.email);
      }
    }
    expect([await accountOf(target), await actsOf(target), await grantsOf(target)]).toEqual(before);
    // The very same, sent by the operator, does it: what was refused was whole.
    expect((await again(requests.grant, { token, change: fresh })).status).toBe(200);
    expect(await grantsOf(target)).toHaveLength(2);
  });
});
