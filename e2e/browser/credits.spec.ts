import type { Page } from "@playwright/test";
import {
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  expect,
  onekey,
  signIn,
  deployment,
  test,
} from "./fixtures";
import { mailsTo } from "./sign-in";

/** Opens the payment page for an amount, as a buyer does. */
async function toStripe(page: Page, amount: string) {
  await page.goto("/dashboard/credits");
  await page.getByLabel("Or another amount").fill(amount);
  await page.getByRole("button", { name: /^Pay/ }).click();
  await expect(page.getByRole("heading", { name: /^Pay \$/ })).toBeVisible();
}

/** The balance as the page's equation shows it, digit by digit. */
const figure = async (page: Page, term: string) => {
  const text = await page
    .locator("dl > div")
    .filter({ has: page.locator("dt", { hasText: new RegExp(`${term}$`) }) })
    .locator("dd")
    .first()
    .textContent();
  return BigInt((text ?? "").replace(/[$,.]/g, "").padEnd(1, "0"));
};

test("a paid Checkout moves the balance, and its receipt is mailed and prints", async ({
  page,
  signedIn,
}) => {
  const { email } = await signedIn({ credits: "7" });
  await toStripe(page, "50");
  await page.getByLabel("Country").selectOption("DE");
  await page.getByRole("button", { name: "Pay by card" }).click();
  await expect(page.getByRole("heading", { name: "$50.00 credited" })).toBeVisible();
  await expect(page.locator("dl").getByText("$57.00").first()).toBeVisible();
  const payment = page.getByRole("region", { name: "$50.00 credited" });
  await expect(payment.getByRole("link", { name: "Send the first request" })).toHaveAttribute(
    "href",
    "/dashboard",
  );
  expect(await figure(page, "Available")).toBe(
    (await figure(page, "Ledger")) - (await figure(page, "Used")) - (await figure(page, "Held")),
  );
  await checkPage(page, "after a payment");

  await expect
    .poll(async () => (await mailsTo(email)).map(({ subject }) => subject))
    .toEqual(["Receipt for $50.00 of OneKey credits"]);
  const [mail] = await mailsTo(email);
  expect(mail?.text).toMatch(
    /Credits\s+\$50\.00\nVAT 19 %, Germany\s+\$9\.50\nTotal paid\s+\$59\.50/,
  );
  await page.goto(/http\S+receipts\S+/.exec(mail?.text ?? "")?.[0] ?? "");
  await expect(page.getByRole("heading", { name: "Receipt" })).toBeVisible();
  for (const text of [
    "Mira Example",
    "10117 Berlin",
    "Visa ending in 4242",
    "VAT 19 %, Germany",
    "59.50",
  ])
    await expect(page.getByText(text).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Send the first request" })).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("link", { name: "Send the first request" })).toBeHidden();
  await expect(page.getByRole("navigation", { name: "Dashboard" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
});

test("Cancelled: nothing is charged or credited, and the page says so", async ({
  page,
  signedIn,
}) => {
  await signedIn({ credits: "7" });
  await toStripe(page, "25");
  await page.getByRole("button", { name: "Go back without paying" }).click();
  await expect(page.getByText("The payment was canceled and nothing was charged.")).toBeVisible();
  await expect(page.getByLabel("Or another amount")).toHaveValue("25.00");
  await expect(page.locator("dl").getByText("$7.00").first()).toBeVisible();
});

test("Declined: Stripe's page says so, and another card on it still pays", async ({
  page,
  signedIn,
}) => {
  await signedIn({});
  await toStripe(page, "10");
  await page.getByRole("button", { name: "Try a card that is declined" }).click();
  await expect(page.getByRole("alert")).toContainText("declined");
  await page.getByRole("button", { name: "Pay by card" }).click();
  await expect(page.getByRole("heading", { name: /\$10\.00 credited/ })).toBeVisible();
});

test("a delayed payment is credited when it arrives; one that fails says why", async ({
  page,
  signedIn,
}) => {
  await signedIn({});
  await toStripe(page, "25");
  await page.getByRole("button", { name: /arrives in 3 s/ }).click();
  const progress = page.locator("section").filter({
    has: page.getByRole("heading", { name: /\$25\.00 on its way: this payment method takes days/ }),
    hasText: "Waiting for the bank",
  });
  await expect(progress).toBeVisible();
  await checkPage(page, "while a payment is on its way");
  await expect(page.getByRole("heading", { name: /\$25\.00 credited/ })).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.locator("dl").getByText("$25.00").first()).toBeVisible();
  await toStripe(page, "25");
  await page.getByRole("button", { name: /fails in 3 s/ }).click();
  await expect(page.getByRole("heading", { name: /\$25\.00 not credited/ })).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText("The bank refused the payment: nothing was charged.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Not paid" })).toBeVisible();
  await checkPage(page, "after a payment that failed");
});

test("Amounts that cannot be bought are refused with the reason, and stay in the field", async ({
  page,
  signedIn,
}) => {
  await signedIn({});
  await page.goto("/dashboard/credits");
  const field = page.getByLabel("Or another amount");
  for (const [amount, reason] of [
    ["4.99", "The least is $5.00."],
    ["-50", "That is not an amount"],
    ["2000.01", "The most is $2,000.00."],
    ["99999999999999999999", "The most is $2,000.00."],
    ["5.001", "An amount may have at most two digits"],
    ["fifty", "That is not an amount"],
    ["", "Enter an amount from $5.00 to $2,000.00."],
  ] as const) {
    await field.fill(amount);
    await page.getByRole("button", { name: "Pay", exact: true }).click();
    await expect(page.getByText(reason)).toBeVisible();
    await expect(field).toHaveValue(amount);
    await expect(field).toHaveAttribute("aria-invalid", "true");
  }
  await checkPage(page, "with an error");
  await page.getByRole("button", { name: "$25", exact: true }).click();
  await expect(field).toHaveValue("25.00");
  await expect(page.getByRole("button", { name: "Pay $25.00" })).toBeVisible();
});

test("Another account's receipt is the same 404 as one that does not exist, and its payments are nobody else's", async ({
  page,
  browser,
  signedIn,
}) => {
  await signedIn({});
  await toStripe(page, "10");
  await page.getByRole("button", { name: "Pay by card" }).click();
  await expect(page.getByRole("heading", { name: /credited/ })).toBeVisible();
  const payment = new URL(page.url()).search;
  await page.getByRole("link", { name: "Receipt" }).first().click();
  await expect(page.getByRole("heading", { name: "Receipt" })).toBeVisible();
  const path = new URL(page.url()).pathname;

  const otherPage = await browser.newPage({ baseURL: deployment.origin });
  await signIn(otherPage, await createCustomer());
  const bodies: string[] = [];
  for (const address of [path, "/dashboard/receipts/pi_none"]) {
    const response = await otherPage.goto(address);
    expect(response?.status()).toBe(404);
    bodies.push(await otherPage.locator("main").last().innerText());
  }
  expect(bodies[0]).toBe(bodies[1]);
  await otherPage.goto(`/dashboard/credits${payment}`);
  await expect(otherPage.getByRole("heading", { name: "Credits" })).toBeVisible();
  await expect(otherPage.getByText("$10.00 credited")).toHaveCount(0);
  await otherPage.close();
});

test("the ledger and its CSV list every movement with its source, down to nothing", async ({
  page,
  signedIn,
}) => {
  const { email, accountId, project } = await signedIn({ credits: "30" });
  const db = await database();
  const today = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  await db
    .collection("accounts")
    .updateOne({ email }, { $set: { createdAt: new Date(today - 20 * 86_400_000) } });
  let charge = 0;
  for (let day = 1; day <= 18; day++) {
    const cost = 123_456_789 + day;
    charge += cost;
    await db.collection<{ _id: string }>("usage").insertOne({
      _id: `req_ledger${day}${accountId}`,
      accountId,
      projectId: project,
      at: new Date(today - day * 86_400_000 + 5_000),

      model: "gpt-6-luna",
      provider: "openai",
      channel: "openai-1",
      endpoint: "/v1/chat/completions",
      stream: false,

      status: 200,
      endedBy: "complete",
      cost,
      free: false,
      latencyMs: 5,
      firstByteMs: 5,
      usageSource: "provider",
      tokens: { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 1, reasoning: 0 },
    } as { _id: string });
  }
  await db
    .collection("accounts")
    .updateOne({ email }, { $inc: { charged: charge, credits: -charge } });
  await db.collection("rollups").deleteMany({});
  await page.goto("/dashboard/credits");
  const rows = page.getByRole("table", { name: /Balance movements/ }).locator("tbody tr");
  await expect(rows).toHaveCount(15);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(rows).toHaveCount(4);
  await expect(rows.first().getByRole("link", { name: "1 request" })).toBeVisible();

  const csv = await (await page.request.get("/dashboard/credits/export")).text();
  const lines = csv
    .trim()
    .split("\r\n")
    .slice(1)
    .map((line) => line.split(","));
  expect(lines).toHaveLength(19);
  const nano = (text = "") => BigInt(text.replace(".", ""));
  const account = await db.collection("accounts").findOne({ email });
  expect(nano(lines[0]?.[4])).toBe(BigInt(Number(account?.posted) - Number(account?.charged)));
  for (const [i, line] of lines.entries())
    expect(nano(line[4]) - nano(line[3])).toBe(i + 1 < lines.length ? nano(lines[i + 1]?.[4]) : 0n);
});

test("The credits page and a receipt read at every width in both themes", async ({
  page,
  signedIn,
}) => {
  const { email } = await signedIn({ credits: "12.345678901" });
  await onekey(
    "credits",
    "grant",
    "--email",
    email,
    "--amount",
    "2",
    "--reason",
    "Slow confirmation on 12 Nov",
  );
  await toStripe(page, "50");
  await page.getByRole("button", { name: "Pay by card" }).click();
  await expect(page.getByRole("heading", { name: /credited/ })).toBeVisible();
  await checkEverywhere(page, "/dashboard/credits");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/dashboard/credits");
  const receipt = await page.getByRole("link", { name: "Receipt" }).first().getAttribute("href");
  await checkEverywhere(page, receipt ?? "");
});
