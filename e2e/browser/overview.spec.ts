import { checkEverywhere, customer, expect, signIn, stage, test } from "./stage";

test("the overview reads at every width in both themes", async ({ page, signedIn }) => {
  await signedIn({ credits: "90.101968" });
  await checkEverywhere(page, "/dashboard");
});

test("signing out ends the session in the database and leaves no cookie", async ({ page }) => {
  const made = await customer();
  const token = await signIn(page, made);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/dashboard");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${stage.origin}/`);
  expect(await page.context().cookies()).toEqual([]);
  await page.context().addCookies([{ name: "next-auth.session-token", value: token, url: stage.origin }]);
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in/);
});
