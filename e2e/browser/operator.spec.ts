import { randomUUID } from "node:crypto";
import type { OperatorAction } from "@/lib/operator-actions/schema";
import {
  checkEverywhere,
  createCustomer,
  database,
  expect,
  onekey,
  signIn,
  deployment,
  test,
} from "./fixtures";
import {
  PAGE,
  OPERATOR,
  accountPage,
  panel,
  auditLog,
  accounts,
  accountOf,
  grantsOf,
  actionsOf,
  problemsOf,
  statusOf,
  signInOperator,
  pressForRequest,
  resendAction,
  grantCredits,
} from "./operator";

test("The operator's pages read at every width in both themes", async ({ page }) => {
  await signInOperator(page);
  const long = await createCustomer({
    credits: "1234.5",
    email: `${"long".repeat(6)}-${randomUUID()}@example.com`,
  });
  await onekey(
    "account",
    "suspend",
    "--email",
    long.email,
    "--reason",
    `a reason ${"without-spaces".repeat(12)}`,
  );
  for (const address of [PAGE, accountPage(long), `${PAGE}/audit-log`])
    await checkEverywhere(page, address);
});

test("a grant is credited once however often it is sent, and shows in both logs", async ({
  page,
}) => {
  const [{ accountId: operator, token }, customer] = [
    await signInOperator(page),
    await createCustomer(),
  ];
  await page.goto(accountPage(customer));
  for (const wrong of ["", "a lot", "-5", "0", "1e3", "10001"]) {
    await grantCredits(page, { amount: wrong, reason: "goodwill" });
    await expect(panel(page, "Grant credits").getByRole("alert")).toContainText(
      "Enter an amount in dollars",
    );
    await expect(panel(page, "Grant credits").getByLabel("Amount")).toHaveValue(wrong);
  }
  await grantCredits(page, { amount: "12.5", reason: "  " });
  await expect(panel(page, "Grant credits").getByRole("alert")).toHaveText("Give a reason.");
  expect(await grantsOf(customer)).toEqual([]);
  expect(await actionsOf(customer)).toEqual([]);

  const granting = () => grantCredits(page, { amount: "$12.50", reason: "goodwill" });
  const request = await pressForRequest(
    page,
    granting,
    page.getByText(`Granted $12.50 to ${customer.email}.`),
  );
  await expect(panel(page, "Grant credits").getByLabel("Amount")).toHaveValue("");
  await Promise.all(Array.from({ length: 5 }, () => resendAction(request, { token })));
  await resendAction(request, { token, change: (body) => body.replace("12.50", "99.00") });
  const grants = await grantsOf(customer);
  expect(grants).toMatchObject([{ amount: 12_500_000_000, reason: "goodwill", applied: true }]);
  expect(await accountOf(customer)).toMatchObject({
    credits: 12_500_000_000,
    posted: 12_500_000_000,
  });
  expect(await actionsOf(customer)).toMatchObject([
    {
      what: "grant",
      operator,
      amount: 12_500_000_000,
      reason: "goodwill",
      entry: grants[0]?._id,
      done: true,
    },
  ]);
  expect(await problemsOf(customer)).toEqual([]);

  // The form that follows is another grant.
  await grantCredits(page, { amount: "1", reason: "once more" });
  await expect(page.getByText(`Granted $1.00 to ${customer.email}.`)).toBeVisible();
  expect(await grantsOf(customer)).toHaveLength(2);
  const row = auditLog(page).getByRole("row").filter({ hasText: "goodwill" });
  for (const text of [OPERATOR, "Granted credits", customer.email, "$12.50"])
    await expect(row).toContainText(text);

  await signIn(page, customer);
  await page.goto("/dashboard/credits");
  await expect(page.getByRole("row").filter({ hasText: "goodwill" })).toContainText("$12.50");
});

test("Two presses in one breath grant once", async ({ page }) => {
  await signInOperator(page);
  const customer = await createCustomer();
  await page.goto(accountPage(customer));
  await panel(page, "Grant credits").getByLabel("Amount").fill("3");
  await panel(page, "Grant credits").getByLabel("Reason").fill("twice");
  await panel(page, "Grant credits")
    .locator("xpath=ancestor::form")
    .evaluate((form: HTMLFormElement) => {
      form.requestSubmit();
      form.requestSubmit();
    });
  await expect(page.getByText(`Granted $3.00 to ${customer.email}.`)).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(await grantsOf(customer)).toHaveLength(1);
  expect((await accountOf(customer))?.credits).toBe(3_000_000_000);
  expect(await actionsOf(customer)).toHaveLength(1);
});

test("an account is suspended and lifted, on the page and from the command line", async ({
  page,
  browser,
}) => {
  const customer = await createCustomer({ credits: "5" });
  const context = await browser.newContext({ baseURL: deployment.origin });
  const theirs = await context.newPage();
  await signIn(theirs, customer);
  await signInOperator(page);
  await page.goto(accountPage(customer));
  expect(await statusOf(customer.key)).toBe(200);
  const suspend = panel(page, "Suspend");
  await suspend.getByRole("button", { name: "Suspend" }).click();
  await expect(suspend.getByRole("alert")).toHaveText("Give a reason.");
  expect(await statusOf(customer.key)).toBe(200);
  await suspend.getByLabel("Reason").fill("stolen card");
  await suspend.getByRole("button", { name: "Suspend" }).click();
  await expect(panel(page, "Suspended")).toBeVisible();
  expect(await statusOf(customer.key)).toBe(401);
  await theirs.goto("/dashboard");
  await expect(theirs).toHaveURL(/\/sign-in\?next=/);
  await signIn(theirs, customer);
  await theirs.goto("/dashboard");
  await expect(theirs.getByText("This account has been suspended since")).toBeVisible();
  await context.close();

  await panel(page, "Suspended").getByLabel("Reason").fill("it was theirs");
  await panel(page, "Suspended").getByRole("button", { name: "Lift" }).click();
  await expect(panel(page, "Suspend")).toBeVisible();
  expect(await statusOf(customer.key)).toBe(200);

  await onekey("account", "suspend", "--email", customer.email, "--reason", "stolen once more");
  await onekey("account", "lift", "--email", customer.email, "--reason", "and back");
  await onekey(
    "credits",
    "grant",
    "--email",
    customer.email,
    "--amount",
    "2",
    "--reason",
    "for the trouble",
  );
  await page.reload();
  const lines = await auditLog(page).locator("tbody tr").allInnerTexts();
  const actions = [
    ["command line", "Granted credits", "for the trouble"],
    ["command line", "Lifted the suspension", "and back"],
    ["command line", "Suspended", "stolen once more"],
    [OPERATOR, "Lifted the suspension", "it was theirs"],
    [OPERATOR, "Suspended", "stolen card"],
    ["command line", "Granted credits", "account created"],
  ];
  expect(lines).toHaveLength(actions.length);
  actions.forEach((words, i) => {
    for (const word of [...words, customer.email]) expect(lines[i]).toContain(word);
  });
  await page.goto(`${PAGE}/audit-log`);
  for (const [, kind = "", reason = ""] of actions)
    await expect(
      auditLog(page)
        .getByRole("row")
        .filter({ hasText: customer.email })
        .filter({ hasText: reason }),
    ).toContainText(kind);
  expect(await problemsOf(customer)).toEqual([]);
});

test("No operator suspends their own account", async ({ page }) => {
  const me = await signInOperator(page);
  await page.goto(accountPage(me));
  await panel(page, "Suspend").getByLabel("Reason").fill("a mistake");
  await panel(page, "Suspend").getByRole("button", { name: "Suspend" }).click();
  await expect(panel(page, "Suspend").getByRole("alert")).toContainText("This is your own account");
  expect(await accountOf(me)).not.toHaveProperty("suspendedAt");
});

test("accounts are found by the start of their address, by id or by project", async ({ page }) => {
  await signInOperator(page);
  const mark = `find-${randomUUID().slice(0, 8)}`;
  const customer = await createCustomer({ credits: "7.25", email: `${mark}-000@example.com` });
  const model = await accountOf(customer);
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
  const table = page.getByRole("table", { name: "Accounts by email address" });
  const find = async (text: string) => {
    await page.getByRole("searchbox", { name: "Find accounts" }).fill(text);
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL(new RegExp(`[?&]q=${encodeURIComponent(text)}$`));
  };
  const readEmails = () => table.locator("tbody tr a").allInnerTexts();
  await find(mark.toUpperCase());
  const emails: string[] = [];
  for (const count of [25, 25, 10]) {
    await expect(table.locator("tbody tr")).toHaveCount(count);
    await expect.poll(readEmails).not.toContain(emails.at(-1));
    emails.push(...(await readEmails()));
    if (count === 25) await page.getByRole("link", { name: "Next page" }).click();
  }
  expect(emails).toEqual(
    Array.from({ length: 60 }, (__, n) => `${mark}-${String(n).padStart(3, "0")}@example.com`),
  );
  await expect(page.getByRole("link", { name: "Next page" })).toHaveCount(0);
  for (const id of [customer.accountId, customer.project]) {
    await find(id);
    await expect(table.locator("tbody tr")).toHaveCount(1);
    await expect(table.locator("tbody tr")).toContainText("$7.250000");
  }
  await find("usr_nobody");
  await expect(page.getByText("No account with that id")).toBeVisible();
  await (await accounts()).deleteMany({ _id: { $regex: `^usr_${mark.replace("-", "")}` } });
});

test("an interrupted operator action shows as unfinished in the audit log", async ({ page }) => {
  const { accountId: operator } = await signInOperator(page);
  const customer = await createCustomer();
  await (await database()).collection<OperatorAction>("acts").insertOne({
    _id: `act_${randomUUID()}`,
    at: new Date(),
    operator,
    what: "suspend",
    accountId: customer.accountId,
    reason: "?",
    done: false,
  });
  await page.goto(accountPage(customer));
  await expect(auditLog(page).getByRole("row").filter({ hasText: "Suspended" })).toContainText(
    "not finished",
  );
  await expect(auditLog(page).getByRole("row").filter({ hasText: "Granted" })).toHaveCount(0);
});

test("Markup in an address or a reason is text", async ({ page }) => {
  await signInOperator(page);
  const customer = await createCustomer();
  const markup = `<img src=x onerror="document.title='run'">`;
  await (
    await accounts()
  ).updateOne({ _id: customer.accountId }, { $set: { email: `${markup}@example.com` } });
  await page.goto(accountPage(customer));
  await grantCredits(page, { amount: "1", reason: markup });
  await expect(auditLog(page).getByRole("cell", { name: markup, exact: true })).toBeVisible();
  for (const address of [accountPage(customer), PAGE, `${PAGE}/audit-log`]) {
    await page.goto(address);
    await expect(page.getByText(markup).filter({ visible: true }).first()).toBeVisible();
    await expect(page.locator("main img")).toHaveCount(0);
    expect(await page.title()).not.toBe("run");
  }
});
