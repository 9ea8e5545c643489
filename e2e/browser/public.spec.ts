import { checkEverywhere, expect, signIn, createCustomer, deployment, test } from "./fixtures";

for (const path of ["/", "/models", "/security", "/sign-in"]) {
  test(`${path} reads at every width in both themes`, async ({ page }) => {
    await checkEverywhere(page, path);
  });
}

test("A visitor has no cookie, and no page of the dashboard", async ({ page }) => {
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  expect(await page.context().cookies()).toEqual([]);
});

test("A cookie that is no session opens nothing", async ({ page }) => {
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
