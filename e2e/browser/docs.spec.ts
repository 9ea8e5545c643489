import { docsPages } from "@/app/(site)/docs/pages";
import { checkEverywhere, checkPage, expect, stage, test } from "./stage";

for (const path of ["/docs", "/docs/api", "/docs/openai"]) {
  test(`${path} reads at every width in both themes`, async ({ page }) => {
    await checkEverywhere(page, path);
  });
}

test("every page of the docs has its title, this server's address and no sideways scroll on a phone", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.setViewportSize({ width: 360, height: 800 });
  for (const { path, title } of docsPages) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(page).toHaveTitle(`${title} · OneKey`);
    expect(await page.content()).not.toContain("ONEKEY_URL");
    await checkPage(page, path);
  }
  await page.goto("/docs/curl");
  await expect(page.getByText(`curl ${stage.origin}/v1/chat/completions`)).toBeVisible();
});

test("the list beside a page has room for its last page on a desktop", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/docs");
  await page.evaluate(() => window.scrollTo(0, 200));
  const last = page
    .getByRole("navigation", { name: "Docs" })
    .getByRole("link", { name: docsPages.at(-1)?.title });
  await expect(last).toBeInViewport({ ratio: 1 });
});
