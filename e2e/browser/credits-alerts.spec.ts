import { checkPage, createCustomer, database, expect, onekey, deployment, test } from "./fixtures";
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
    .poll(async () => (await mailsTo(email)).map(({ subject }) => subject), { timeout: 90_000 })
    .toEqual(["Receipt for $25.00 of OneKey credits"]);
  await page.reload();
  await expect(page.getByText("$25.00 of $60.00 charged this month.")).toBeVisible();
  await expect(page.locator("dl").getByText("$30.00").first()).toBeVisible();

  const account = await (await database()).collection("accounts").findOne({ email });
  const stripeFields = account?.stripe as { card: { paymentMethod: string } } | undefined;
  await control(`things/${stripeFields?.card.paymentMethod}`, { customer: "" });
  await onekey("credits", "grant", "--email", email, "--amount=-25", "--reason", "spent in a test");
  await expect
    .poll(async () => (await mailsTo(email))[0]?.subject, { timeout: 90_000 })
    .toBe("Automatic top-up is off: the card was not charged");
  await page.reload();
  await expect(
    page.getByText(/The saved card can no longer be charged\. Nothing was charged\./),
  ).toBeVisible();
  await checkPage(page, "after automatic top-up stopped");
});

test(
  "the low-balance mail comes once for each crossing of the threshold",
  { tag: "@long" },
  async ({ signedIn }) => {
    test.setTimeout(600_000);
    const alertWithin = { timeout: 120_000 };
    const { email } = await signedIn({ credits: "20" });
    const accounts = (await database()).collection("accounts");
    const grant = (amount: string, to = email) =>
      onekey("credits", "grant", "--email", to, `--amount=${amount}`, "--reason", "test");
    const setAlert = (to: string) =>
      accounts.updateOne(
        { email: to },
        { $set: { alert: { threshold: 10_000_000_000, armed: true } } },
      );
    const isArmed = async () =>
      (await accounts.findOne<{ alert: { armed: boolean } }>({ email }))?.alert.armed;
    const alerts = async (to = email) => (await mailsTo(to)).map(({ subject }) => subject);
    await setAlert(email);
    await grant("-15");
    await expect.poll(() => alerts(), alertWithin).toEqual(["Your OneKey balance is below $10.00"]);
    await grant("-1");
    // Once an account that crosses later has its mail, this one's turn has passed.
    const later = await createCustomer({ credits: "20" });
    await setAlert(later.email);
    await grant("-15", later.email);
    await expect.poll(() => alerts(later.email), alertWithin).toHaveLength(1);
    expect(await alerts()).toHaveLength(1);
    await grant("50");
    await expect.poll(isArmed, alertWithin).toBe(true);
    await grant("-50");
    await expect.poll(() => alerts(), alertWithin).toHaveLength(2);
  },
);
