import { checkPage, expect, test } from "./fixtures";
import type { Page } from "@playwright/test";

const field = (page: Page) => page.getByRole("combobox", { name: /^Search/ });

/** Presses a key until the palette is open: a page hears keys only when its scripts run. */
async function openPalette(page: Page, key: "Control+k" | "/"): Promise<void> {
  await expect(async () => {
    await page.keyboard.press(key);
    await expect(field(page)).toBeFocused({ timeout: 2_000 });
  }).toPass();
}

test("Ctrl K searches the docs by keyboard only, and opens the section", async ({ page }) => {
  await page.goto("/");
  await openPalette(page, "Control+k");
  await expect(page.getByRole("option", { name: "Quickstart" })).toBeVisible();
  await page.keyboard.type("how an estimate is counted");
  const option = page.getByRole("option", { name: /How an estimate is counted/ });
  await expect(option).toHaveAttribute("data-highlighted", "");
  await checkPage(page, "palette");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/docs\/estimates#how-an-estimate-is-counted$/);
  await expect(page.getByRole("heading", { name: "How an estimate is counted" })).toBeInViewport();
});

test("what is typed while the palette loads is in its field", async ({ page }) => {
  await page.goto("/docs");
  await page.waitForLoadState("networkidle");
  let release = () => {};
  const untilReleased = new Promise<void>((resolve) => (release = resolve));
  const urls: string[] = [];
  await page.route(/\/_next\/static\/chunks\//, async (route) => {
    urls.push(route.request().url());
    await untilReleased;
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("quick");
  await expect.poll(() => urls.length).toBeGreaterThan(0);
  await expect(field(page)).toBeHidden();
  release();
  await expect(field(page)).toHaveValue("quick");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("start");
  const option = page.getByRole("option", { name: "Quickstart" }).first();
  await expect(option).toHaveAttribute("data-highlighted", "");
});

test("the arrow keys go through all groups, and Esc gives the focus back", async ({ page }) => {
  await page.goto("/docs");
  const button = page.getByRole("button", { name: "Search" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("claude");
  await expect(page.getByRole("group", { name: "Models" })).toBeVisible();
  const options = page.getByRole("option");
  await expect(options.first()).toHaveAttribute("data-highlighted", "");
  for (let step = 1; step < 7; step++) await page.keyboard.press("ArrowDown");
  await expect(options.nth(6)).toHaveAttribute("data-highlighted", "");
  await page.keyboard.press("Escape");
  await expect(field(page)).toBeHidden();
  await expect(button).toBeFocused();
});

test("models, endpoints and fields are in the palette", async ({ page }) => {
  await page.goto("/pricing");
  await openPalette(page, "/");
  await field(page).fill("haiku 5.5");
  await expect(page.getByRole("option", { name: /Claude Haiku 5\.5/ })).toContainText("in, $");
  await field(page).fill("embeddings");
  await expect(page.getByRole("option", { name: /Create embeddings/ })).toBeVisible();
  await field(page).fill("first_byte_ms");
  await page.getByRole("option", { name: /first_byte_ms/ }).click();
  await expect(page).toHaveURL(/\/docs\/api\/get-usage#response$/);
});

test("a word that is nowhere says so, and / in a field stays a character", async ({ page }) => {
  await page.goto("/docs");
  await openPalette(page, "Control+k");
  await field(page).fill("xqzzy/");
  await expect(page.getByText("Nothing for “xqzzy/”.")).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("0 results");
});

test.describe("without the index", () => {
  test.use({ allowedConsole: [/Failed to load resource/] });
  test("the palette says that search could not be loaded, and tries again", async ({ page }) => {
    await page.route("**/search.json", (route) => route.fulfill({ status: 500 }), { times: 1 });
    await page.goto("/docs");
    await page.keyboard.press("Control+k");
    await expect(page.getByText("Search could not be loaded.").first()).toBeVisible();
    await page.getByRole("button", { name: "Try again" }).click();
    await field(page).fill("aider");
    await expect(page.getByRole("option", { name: /Aider/ }).first()).toBeVisible();
  });
});

test("on a phone the palette opens from the header and fills the width", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  await page.getByRole("button", { name: "Search" }).click();
  await field(page).fill("errors");
  await expect(page.getByRole("option").first()).toBeVisible();
  const box = await page.getByRole("dialog").boundingBox();
  expect(box?.width).toBe(390);
  await checkPage(page, "palette on a phone");
});

test("on a phone the menu has the four places and sign-in", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  await page.locator("summary[aria-label=Menu]").click();
  const menu = page.getByRole("navigation", { name: "Menu" });
  for (const name of ["Models", "Pricing", "Docs", "Security", "Sign in"])
    await expect(menu.getByRole("link", { name, exact: true })).toBeVisible();
  await checkPage(page, "menu");
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await page.locator("summary[aria-label=Menu]").click();
  await menu.getByRole("link", { name: "Pricing" }).click();
  await expect(page).toHaveURL(/\/pricing$/);
});
