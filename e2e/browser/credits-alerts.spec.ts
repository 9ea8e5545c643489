import { checkPage, database, expect, onekey, deployment, test } from "./fixtures";
import { mailsTo } from "./sign-in";

const control = async (
  path: string,
  form: Record<string, string>,
): Promise<Record<string, unknown>> =>
  (await (
    await fetch(`${deployment.sandbox.stripe}/__control/${path}`, {
      method: "POST",
      body: new URLSearchParams(form),
    })
  ).json()) as Record<string, unknown>;

test("automatic top-up charges a card once below the threshold; a refusal turns it off", async ({
  page,
  signedIn,
}) => {
  test.setTimeout(120_000);
  const { email } = await signedIn({ credits: "20" });
  await page.goto("/dashboard/credits");
  await expect(page.getByText("Automatic top-up needs a saved card.")).toBeVisible();
  await page.getByRole("button", { name: "Add a card" }).click();
  await page.getByRole("button", { name: "Save the card" }).click();
  await expect(page.getByText(/Visa ending in 4242/)).toBeVisible();
  await page.getByLabel("When below").fill("10");
  await page.getByLabel("Buy", { exact: true }).fill("25");
  await page.getByLabel("Monthly maximum").fill("20");
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(
    page.getByText("One top-up charges $25.00. Set a monthly maximum of at least that."),
  ).toBeVisible();
  await page.getByLabel("Monthly maximum").fill("60");
  await page.getByRole("button", { name: "Turn on" }).click();
  await expect(page.getByText("$0.00 of $60.00 charged this month.")).toBeVisible();
  await checkPage(page, "with automatic top-up on");

  await onekey("credits", "grant", "--email", email, "--amount=-15", "--reason", "spent in a test");
  await expect
    .poll(async () => (await mailsTo(email)).map(({ subject }) => subject), { timeout: 40_000 })
    .toEqual(["Receipt for $25.00 of OneKey credits"]);
  await page.reload();
  await expect(page.getByText("$25.00 of $60.00 charged this month.")).toBeVisible();
  await expect(page.locator("dl").getByText("$30.00").first()).toBeVisible();

  const account = await (await database()).collection("accounts").findOne({ email });
  const stripeFields = account?.stripe as { card: { paymentMethod: string } } | undefined;
  await control(`things/${stripeFields?.card.paymentMethod}`, { customer: "" });
  await onekey("credits", "grant", "--email", email, "--amount=-25", "--reason", "spent in a test");
  await expect
    .poll(async () => (await mailsTo(email))[0]?.subject, { timeout: 40_000 })
    .toBe("Automatic top-up is off: the card was not charged");
  await page.reload();
  await expect(
    page.getByText(/The saved card can no longer be charged\. Nothing was charged\./),
  ).toBeVisible();
  await checkPage(page, "after automatic top-up stopped");
});

test("the low-balance mail comes once for each crossing of the threshold", async ({ signedIn }) => {
  test.setTimeout(150_000);
  const { email } = await signedIn({ credits: "20" });
  const accounts = (await database()).collection("accounts");
  await accounts.updateOne(
    { email },
    { $set: { alert: { threshold: 10_000_000_000, armed: true } } },
  );
  const grant = (amount: string) =>
    onekey("credits", "grant", "--email", email, `--amount=${amount}`, "--reason", "test");
  const isArmed = async () =>
    (await accounts.findOne<{ alert: { armed: boolean } }>({ email }))?.alert.armed;
  const alerts = async () => (await mailsTo(email)).map(({ subject }) => subject);
  await grant("-15");
  await expect.poll(alerts, { timeout: 40_000 }).toEqual(["Your OneKey balance is below $10.00"]);
  await grant("-1");
  await new Promise((resolve) => setTimeout(resolve, 17_000));
  expect(await alerts()).toHaveLength(1);
  await grant("50");
  await expect.poll(isArmed, { timeout: 40_000 }).toBe(true);
  await grant("-50");
  await expect.poll(alerts, { timeout: 40_000 }).toHaveLength(2);
});
