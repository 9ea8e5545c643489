import { shownFiles } from "@/app/source";
import { checkEverywhere, expect, isLongRun, test } from "./fixtures";

test("every file that a page names can be read, and no other", async ({ page, request }) => {
  expect(shownFiles.size).toBeGreaterThan(30);
  // Each is colored when it is read, which takes a moment: the long run reads all of them.
  const files = [...shownFiles].filter((_, index) => isLongRun || index % 10 === 0);
  for (const file of files) {
    const response = await request.get(`/source/${file}`);
    expect(response.status(), file).toBe(200);
  }
  for (const path of [
    "package.json",
    ".env.example",
    "lib/env/index.ts",
    "../package.json",
    "lib/accounts/../../package.json",
    "lib/accounts",
  ])
    expect((await request.get(`/source/${path}`)).status(), path).toBe(404);
  // A path that can be read in two ways is refused before it is looked up.
  expect((await request.get("/source/..%2f..%2fetc%2fpasswd")).status()).toBe(400);
  await checkEverywhere(page, "/source/lib/accounts/hold.ts");
});

test("the proofs of home and security lead to their files", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "lib/gateway/handle.ts" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "handle.ts" })).toBeVisible();
  await expect(page.locator("pre")).toContainText("export");
  await page.goto("/security");
  await page
    .getByText(/^Where to check: /)
    .first()
    .click();
  await page
    .getByRole("link", { name: /\.test\.ts$|\.spec\.ts$/ })
    .first()
    .click();
  await expect(page.locator("pre")).toContainText("test(");
});

test("home and pricing state that there is no markup, and compare fees with sources", async ({
  page,
}) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("List price, no markup.");
  await page.getByRole("link", { name: "Fees compared" }).click();
  const fees = page.getByRole("table", { name: "Fees of gateways" });
  await expect(fees.getByRole("row", { name: /OneKey/ })).toContainText("$100.00");
  await expect(fees.getByRole("row", { name: /OpenRouter/ })).toContainText("$105.50");
  for (const link of await fees.getByRole("link").all())
    expect(await link.getAttribute("href")).toMatch(/^https:\/\//);
});

test("an unknown model's page names the nearest models, an unknown page links on", async ({
  page,
}) => {
  test.info().annotations.push({ type: "status", description: "404" });
  const response = await page.request.get("/models/claude-sonet-5-5");
  expect(response.status()).toBe(404);
  const text = await response.text();
  expect(text).toContain("/models/claude-sonnet-5-5");
  expect(text).not.toContain("another account");
  const missing = await page.request.get("/nothing-here");
  expect(missing.status()).toBe(404);
  expect(await missing.text()).toContain('href="/docs"');
  const nearMiss = await page.request.get("/docs/claud-code");
  expect(nearMiss.status()).toBe(404);
  expect(await nearMiss.text()).toMatch(/Did you mean.*href="\/docs\/claude-code"/s);
});

test("a model's id is copied from the list and from its page", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/models");
  await page.getByRole("button", { name: "Copy claude-haiku-5-5" }).click();
  await expect(page.getByText("Copied claude-haiku-5-5")).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("claude-haiku-5-5");
  await page.goto("/models/claude-haiku-5-5");
  await page.getByRole("button", { name: "Copy claude-haiku-5-5" }).click();
  await expect(page.getByRole("heading", { name: "What a request costs" })).toBeVisible();
  await expect(page.locator("main")).not.toContainText("inferred");
});

test("the address keeps how models are sorted and filtered by ability", async ({ page }) => {
  await page.goto("/models");
  await page.getByLabel("Ability").selectOption("audio");
  await expect(page).toHaveURL(/ability=audio/);
  await expect(page.getByRole("link", { name: "Gemini 3.8 Flash", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Claude Haiku 5.5", exact: true })).toHaveCount(0);
  await page.getByLabel("Sort").selectOption("output");
  await expect(page).toHaveURL(/sort=output/);
});
