import { checkEverywhere, expect, signIn, createCustomer, deployment, test } from "./fixtures";

for (const path of ["/", "/models", "/security", "/sign-in"]) {
  test(`${path} reads at every width in both themes`, async ({ page }) => {
    await checkEverywhere(page, path);
  });
}

test("a visitor gets no cookie and no dashboard page", async ({ page }) => {
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  expect(await page.context().cookies()).toEqual([]);
});

test("an invalid session cookie opens no dashboard page", async ({ page }) => {
  const token = await signIn(page, await createCustomer());
  await page.goto("/dashboard");
  await expect(page).toHaveURL(`${deployment.origin}/dashboard`);
  await page.context().clearCookies();
  await page
    .context()
    .addCookies([{ name: "next-auth.session-token", value: `${token}x`, url: deployment.origin }]);
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in/);
});
