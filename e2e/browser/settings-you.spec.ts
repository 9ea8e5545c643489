import { checkEverywhere, createCustomer, database, expect, test } from "./fixtures";
import { accountOf, linkTo, mailsTo, newEmail } from "./sign-in";

test("a sign-in method is linked from settings, and one of another person is not", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  const work = newEmail();
  const linkGithub = async (email: string) => {
    await page.goto("/dashboard/settings");
    await page.getByRole("button", { name: "Link GitHub", exact: true }).click();
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByLabel("The email is verified").check();
    await page.getByRole("button", { name: "Continue to OneKey" }).click();
  };
  const otherCustomer = await createCustomer();
  await linkGithub(otherCustomer.email);
  await expect(page.getByText(/signs in another person\. Nothing was linked\./)).toBeVisible();
  await linkGithub(work);
  await expect(page.getByText(`GitHub (${work}) is linked.`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Link GitHub", exact: true })).toHaveCount(0);
  expect((await accountOf(customer.email))?.methods?.map(({ provider }) => provider)).toEqual([
    "github",
  ]);
  const [mail] = await mailsTo(customer.email);
  expect(mail?.subject).toBe(`GitHub (${work}) was linked to your OneKey account`);
  await page.goto("/dashboard/settings/audit-log?q=github");
  await expect(page.getByText(`linked the sign-in method GitHub (${work})`)).toBeVisible();
  await expect(page.getByText("1 to 1 of 1")).toBeVisible();
});

test("a new address is confirmed by the link that it gets, in the browser that asked", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  const email = `o'neil+${newEmail()}`;
  await page.goto("/dashboard/settings");
  await page.getByLabel("Email", { exact: true }).fill(email);
  const profile = page.locator("form").filter({ hasText: "Profile" });
  await profile.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`A link was sent to ${email}.`)).toBeVisible();
  expect((await mailsTo(customer.email))[0]?.subject).toBe(
    "The address of your OneKey account is about to change",
  );
  await page.goto(await linkTo(email));
  await page.getByRole("button", { name: "Confirm the address" }).click();
  await expect(page).toHaveURL(/\/dashboard\/settings$/);
  await expect(page.getByLabel("Email", { exact: true })).toHaveValue(email);
  // The former address takes it back, without a session.
  await page.goto(await linkTo(customer.email));
  await page.getByRole("button", { name: "Keep this address" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  expect((await accountOf(customer.email))?._id).toBe(customer.accountId);
  expect(await accountOf(email)).toBeNull();
});

test("an open audit log says that entries were added, and shows them on request", async ({
  page,
  signedIn,
}) => {
  await signedIn();
  const log = "/dashboard/settings/audit-log";
  await page.request.get(`${log}/export?format=csv`);
  await page.clock.install();
  await page.goto(log);
  await expect(page.getByText("1 to 1 of 1")).toBeVisible();
  await page.request.get(`${log}/export?format=json`);
  await page.request.get(`${log}/export?format=csv`);
  const notice = page.getByRole("button", { name: "2 new entries" });
  await expect(async () => {
    await page.clock.runFor(10_000);
    await expect(notice).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(page.getByText("1 to 1 of 1")).toBeVisible();
  await notice.click();
  await expect(page.getByText("1 to 3 of 3")).toBeVisible();
  await expect(notice).toHaveCount(0);
});

test("emails and exact usage are switched on the settings page, each in the audit log", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn({ credits: "1" });
  await page.goto("/dashboard/settings");
  const models = page.getByRole("checkbox", { name: "Models" });
  await expect(models).toBeChecked();
  await models.click();
  await expect(models).not.toBeChecked();
  const newProjects = page.getByRole("checkbox", { name: "On for new projects" });
  await expect(newProjects).not.toBeChecked();
  await newProjects.click();
  await expect(newProjects).toBeChecked();
  await expect(newProjects).not.toHaveAttribute("aria-busy", "true");
  const accounts = (await database()).collection<{ _id: string; exactStreamUsage?: boolean }>(
    "accounts",
  );
  expect(await accounts.findOne({ _id: customer.accountId })).toMatchObject({
    exactStreamUsage: true,
  });
  await page.reload();
  await expect(models).not.toBeChecked();
  await expect(newProjects).toBeChecked();
  await page.goto("/dashboard/settings/audit-log?what=profile");
  await expect(page.getByText("changed which emails to get about").first()).toBeVisible();
  await page.goto("/dashboard/settings/audit-log?q=nothing-like-this");
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await checkEverywhere(page, "/dashboard/settings/audit-log?q=nothing-like-this");
});
