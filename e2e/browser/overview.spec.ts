import OpenAI from "openai";
import {
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  expect,
  onekey,
  signIn,
  deployment,
  everyNth,
  test,
} from "./fixtures";
import { sumUp } from "./usage-rows";

const ask = (apiKey: string, model: string) =>
  new OpenAI({ apiKey, baseURL: `${deployment.origin}/v1`, maxRetries: 0 }).chat.completions.create(
    {
      model,
      messages: [{ role: "user", content: "Hello" }],
    },
  );

test("the overview reads at every width in both themes", async ({ page, signedIn }) => {
  await signedIn({ credits: "90.101968" });
  await checkEverywhere(page, "/dashboard");
});

test("an account without free requests reads why, and that a purchase brings them", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  const accounts = (await database()).collection<{ _id: string }>("accounts");
  const main = page.getByRole("main");
  for (const [reason, words] of [
    ["network", "only 3 new accounts a day from one network"],
    [
      "domain",
      `only 5 new accounts a day with an email address at ${customer.email.split("@")[1]}`,
    ],
    ["day", "all free requests of that day had been granted"],
  ] as const) {
    await accounts.updateOne({ _id: customer.accountId }, { $set: { freeWithheld: reason } });
    await page.goto("/dashboard");
    await expect(main).toContainText(words);
    await expect(main).toContainText("You get 20 free requests with your first purchase.");
  }
  await checkEverywhere(page, "/dashboard");
  await accounts.updateOne({ _id: customer.accountId }, { $set: { freeWithheld: "earlier" } });
  await page.goto("/dashboard");
  await expect(main).toContainText("an earlier account of yours received them");
  await expect(main).not.toContainText("first purchase");
});

test("signing out ends the session in the database and leaves no cookie", async ({ page }) => {
  const customer = await createCustomer();
  const token = await signIn(page, customer);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/dashboard");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${deployment.origin}/`);
  expect(await page.context().cookies()).toEqual([]);
  await page
    .context()
    .addCookies([{ name: "next-auth.session-token", value: token, url: deployment.origin }]);
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the first steps tick themselves off, and go once all are done", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  const steps = page.getByRole("listitem").filter({ hasText: /, (done|to do)/ });
  const doneSteps = steps.filter({ hasText: ", done" });
  await ask(customer.key, "gpt-6-luna");
  await ask(customer.key, "gpt-6-luna");
  await expect(async () => {
    await page.goto("/dashboard");
    await expect(steps).toHaveCount(5, { timeout: 1_000 });
  }).toPass();
  await expect(doneSteps).toHaveText([/Create a project key/, /Send a request/]);
  await expect(page.getByRole("table").getByRole("link")).toHaveCount(2);
  await expect(page.getByText("18 free requests left").first()).toBeVisible();

  await ask(customer.key, "claude-haiku-5-5");
  await onekey(
    "credits",
    "grant",
    "--email",
    customer.email,
    "--amount",
    "25",
    "--reason",
    "for the test",
  );
  await page.goto(`/dashboard/projects/${customer.project}/limits`);
  await page.getByLabel("Credits a month").fill("75");
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page.getByText("of $75.00")).toBeVisible();
  await page
    .getByRole("navigation", { name: "Dashboard" })
    .getByRole("link", { name: "Overview" })
    .click();
  await expect(page.getByRole("heading", { name: "Recent requests" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Getting started" })).toBeHidden();
});

test("the overview shows spend, requests, errors, a range and a balance that warns", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn({ credits: "30.25" });
  const day = 86_400_000;
  const row = (n: number, daysAgo: number, endedBy: string, cost: number) => ({
    _id: `req_overview${n}${customer.accountId.slice(4)}`,

    accountId: customer.accountId,
    projectId: customer.project,
    at: new Date(Date.now() - daysAgo * day),

    model: "gpt-6-luna",
    provider: "openai",
    channel: "openai-1",
    endpoint: "chat.completions",
    stream: false,

    status: endedBy === "complete" ? 200 : 529,
    endedBy,
    cost,
    free: false,
    latencyMs: 900,
    firstByteMs: 300,
    tokens: { input: 10, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 10, reasoning: 0 },
    usageSource: "provider",
  });
  const rows = [
    row(1, 0, "complete", 1_250_000_000),
    row(2, 3, "complete", 20_000_000_000),
    row(3, 3, "provider_error", 0),
    row(4, 40, "complete", 7_000_000_000),
  ];
  const db = await database();
  await db.collection<{ _id: string }>("usage").insertMany(rows);
  const charge = rows.reduce((sum, { cost }) => sum + cost, 0);
  await db
    .collection("accounts")
    .updateOne({ email: customer.email }, { $inc: { charged: charge, credits: -charge } });
  await sumUp();
  await page.goto("/dashboard");
  const main = page.getByRole("main");
  await expect(main).toContainText("$1.250000");
  await expect(main).toContainText("$21.250000");
  await expect(main).toContainText("3 requests, 1 error");
  await expect(main).toContainText("under a day");
  await expect(main.getByText("$2.000000").first()).toHaveCSS(
    "color",
    await page.evaluate(() => {
      const probe = document.createElement("span");
      probe.className = "text-warning";
      document.body.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    }),
  );
  await page.getByRole("link", { name: "90 days" }).click();
  await expect(page).toHaveURL(/\?days=90$/);
  await expect(page.getByRole("img", { name: /Spend per day by model/ })).toBeVisible();
  for (const days of everyNth(["90", "7", "nonsense"], 3))
    await checkEverywhere(page, `/dashboard?days=${days}`);
});

test("the balance in the navigation is current after a change of page", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn({ credits: "5" });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/dashboard");
  const side = page.getByRole("complementary", { name: "Account" });
  await expect(side).toContainText("$5.000000");
  await onekey(
    "credits",
    "grant",
    "--email",
    customer.email,
    "--amount",
    "3",
    "--reason",
    "for the test",
  );
  await side.getByRole("link", { name: "Projects" }).click();
  await expect(side).toContainText("$8.000000");
  // The models are a page of the dashboard, and docs and help are at its foot.
  await side.getByRole("link", { name: "Models" }).click();
  await expect(page).toHaveURL(/\/dashboard\/models$/);
  await expect(side).toContainText("$8.000000");
  for (const name of ["Docs", "Help"]) await expect(side.getByRole("link", { name })).toBeVisible();
});

test("a click marks its place and shows the shape of the page before the data is there", async ({
  page,
  signedIn,
}) => {
  await signedIn();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/dashboard/settings");
  let release = () => {};
  const untilReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/dashboard\/usage\?/, async (route) => {
    await untilReleased;
    await route.continue();
  });
  const link = page
    .getByRole("navigation", { name: "Dashboard" })
    .getByRole("link", { name: "Usage" });
  await link.click();
  await expect(link).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Usage");
  await expect(page.locator("[aria-busy]").first()).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Ended" })).toBeVisible();
  await page.setViewportSize({ width: 390, height: 900 });
  await checkPage(page, "the shape of the usage page on a phone");
  release();
  await expect(page.getByRole("heading", { name: "No requests yet" })).toBeVisible();
  await expect(page).toHaveURL(/\/dashboard\/usage$/);
});
