import type { Page } from "@playwright/test";
import { docsPages } from "@/app/(site)/docs/pages";
import { listedOperations } from "@/app/(site)/(reference)/docs/api/reference";
import { checkEverywhere, checkPage, everyNth, expect, deployment, test } from "./fixtures";

for (const path of ["/docs", "/docs/api", "/docs/api/chat-completions", "/docs/estimates"]) {
  test(`${path} reads at every width in both themes`, async ({ page }) => {
    await checkEverywhere(page, path);
  });
}

/** A page as text: its markup removed, its entities decoded by a browser's parser. */
async function readText(page: Page, html: string): Promise<{ title: string; body: string }> {
  return page.evaluate((source) => {
    const parsedPage = new DOMParser().parseFromString(source, "text/html");
    const heading = parsedPage.querySelector("h1")?.textContent ?? "";
    return { title: `${heading}|${parsedPage.title}`, body: parsedPage.body.textContent ?? "" };
  }, html);
}

test("every page of the docs has its title and this server's address", async ({
  page,
  request,
}) => {
  for (const { path, title } of everyNth(docsPages, 3)) {
    const html = await (await request.get(path)).text();
    expect(html, path).not.toContain("ONEKEY_URL");
    expect((await readText(page, html)).title).toBe(`${title}|${title} · OneKey`);
  }
  await page.goto("/docs/curl");
  await expect(page.getByText(`curl ${deployment.origin}/v1/chat/completions`)).toBeVisible();
});

test("the reference shows a response as a stream, and the headers that state its cost", async ({
  page,
}) => {
  await page.goto("/docs/api/messages");
  await page.getByRole("tab", { name: "200, stream" }).click();
  await expect(page.getByText("event: message_stop")).toBeVisible();
  await expect(page.getByText("x-onekey-cost: 0.000088000")).toBeVisible();
});

test("only endpoints that the playground serves link to it", async ({ page }) => {
  await page.goto("/docs/api/messages");
  const link = page.getByRole("main").getByRole("link", { name: "Try it" });
  await expect(link).toHaveAttribute("href", /\/dashboard\/playground\?model=claude-/);
  await page.goto("/docs/api/list-models");
  await expect(page.getByRole("main").getByRole("link", { name: "Try it" })).toHaveCount(0);
});

test("every endpoint has a page with its path and example", async ({ page, request }) => {
  expect(listedOperations.length).toBeGreaterThan(24);
  for (const { slug, path, summary } of everyNth(listedOperations, 4)) {
    const { title, body } = await readText(
      page,
      await (await request.get(`/docs/api/${slug}`)).text(),
    );
    expect(title).toContain(`${summary}|`);
    expect(body, slug).toContain(path);
    expect(body, slug).toContain(`"${deployment.origin}`);
  }
});

test(
  "no page of the docs scrolls sideways on a phone or breaks a rule of axe",
  { tag: "@long" },
  async ({ page }) => {
    test.setTimeout(600_000);
    await page.setViewportSize({ width: 360, height: 800 });
    const paths = [
      ...docsPages.map(({ path }) => path),
      ...listedOperations.map(({ slug }) => `/docs/api/${slug}`),
    ];
    for (const path of paths) {
      await page.goto(path);
      await checkPage(page, path);
    }
  },
);

test("the table of contents marks the section in view; the list scrolls to its end", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/docs/billing");
  const contents = page.getByRole("navigation", { name: "On this page" });
  await expect(contents.getByRole("link", { name: "A worked example" })).toHaveAttribute(
    "aria-current",
    "true",
  );
  await contents.getByRole("link", { name: "After: the charge" }).click();
  await expect(contents.locator("[aria-current]")).toHaveText("After: the charge");
  const last = page
    .getByRole("navigation", { name: "Docs" })
    .getByRole("link", { name: docsPages.at(-1)?.title });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport({ ratio: 1 });
});

test("the previous and next links lead through the docs", async ({ page }) => {
  await page.goto("/docs/billing");
  const neighbors = page.getByRole("navigation", { name: "Pages before and after" });
  await expect(neighbors.getByRole("link", { name: /Previous/ })).toContainText("Self-hosting");
  await neighbors.getByRole("link", { name: /Next/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Exact and estimated usage");
});

test("a chosen code language applies on every page, also by keyboard", async ({ page }) => {
  await page.goto("/docs/openai");
  const tabs = page.getByRole("tablist", { name: "Language" }).first();
  await expect(tabs.getByRole("tab", { name: "TypeScript" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await tabs.getByRole("tab", { name: "TypeScript" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(tabs.getByRole("tab", { name: "Python" })).toHaveAttribute("aria-selected", "true");
  await page.goto("/docs/estimates");
  await expect(page.getByRole("tab", { name: "Python" }).first()).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await expect(page.getByText("import os").first()).toBeVisible();
});

test("code is highlighted without inline styles", async ({ page }) => {
  await page.goto("/docs/estimates");
  await expect(page.locator("pre .text-code-string").first()).toBeVisible();
  await expect(page.locator("pre .text-code-key").first()).toBeVisible();
  expect(await page.locator("article [style]").count()).toBe(0);
});

test("every page has a Markdown version, and llms.txt lists them all", async ({ request }) => {
  const index = await (await request.get("/llms.txt")).text();
  for (const { path } of docsPages)
    expect(index, path).toContain(`(${deployment.origin}${path}.md)`);
  for (const { path, title } of everyNth(docsPages, 3)) {
    const twin = await request.get(`${path}.md`);
    expect(twin.status(), path).toBe(200);
    expect(twin.headers()["content-type"]).toContain("text/markdown");
    const text = await twin.text();
    expect(text.startsWith(`# ${title}\n`), path).toBe(true);
    expect(text, path).not.toMatch(/ONEKEY_URL|<CodeGroup|^import |^export const/m);
  }
  const all = await (await request.get("/llms-full.txt")).text();
  for (const { title } of docsPages) expect(all).toContain(`# ${title}\n`);
  expect((await request.get("/docs/nothing-here.md")).status()).toBe(404);
});

test("a page is copied as Markdown", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/docs/errors");
  await page.getByRole("button", { name: "Copy for a model" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^# Errors\n/);
});
