import { gzipSync } from "node:zlib";
import { checkEverywhere, createCustomer, everyNth, expect, deployment, test } from "./fixtures";

const PAGES = [
  "/pricing",
  "/models/claude-haiku-5-5",
  "/models/gpt-image-2",
  "/privacy",
  "/terms",
  "/contact",
];
const BUDGET_KIB = 180;

for (const path of PAGES) {
  test(`${path} reads at every width in both themes`, async ({ page }) => {
    await checkEverywhere(page, path);
  });
}

// `npm test` adds up what the build states for each page (scripts/js-size.mjs); this is what a browser loads.
test(
  "a public page's first scripts stay within 180 KiB",
  { tag: "@long" },
  async ({ page, request }) => {
    for (const path of ["/", "/models", "/security", ...PAGES]) {
      await page.goto(path, { waitUntil: "load" });
      const scripts = await page.evaluate(() =>
        performance
          .getEntriesByType("resource")
          .map(({ name }) => name)
          .filter((name) => new URL(name).pathname.endsWith(".js")),
      );
      const sizes = await Promise.all(
        [...new Set(scripts)].map(
          async (url) => gzipSync(await (await request.get(url)).body()).length / 1024,
        ),
      );
      const total = sizes.reduce((sum, size) => sum + size, 0);
      console.log(`${path}: ${total.toFixed(0)} KiB of scripts, gzipped`);
      expect(total, path).toBeGreaterThan(50);
      expect(total, path).toBeLessThanOrEqual(BUDGET_KIB);
    }
  },
);

test("the calculator's figure is what the gateway charges", async ({ page }) => {
  const { key } = await createCustomer({ credits: "1" });
  const authorization = `Bearer ${key}`;
  const answer = await fetch(`${deployment.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({
      model: "gpt-6-luna",
      max_tokens: 200,
      messages: [{ role: "user", content: "Hello there, how are you today?" }],
    }),
  });
  expect(answer.status).toBe(200);
  await answer.text();
  type Row = { tokens: { input: number; cache_read: number; output: number }; cost: string };
  let row: Row | undefined;
  await expect
    .poll(async () => {
      const response = await fetch(`${deployment.origin}/v1/usage`, { headers: { authorization } });
      row = ((await response.json()) as { data: Row[] }).data[0];
      return row;
    })
    .toBeDefined();
  const { tokens, cost } = row ?? { tokens: { input: 0, cache_read: 0, output: 0 }, cost: "" };
  expect(tokens.input).toBeGreaterThan(0);

  await page.goto("/pricing?model=gpt-6-luna");
  await page.getByLabel("Input tokens a request").fill(String(tokens.input + tokens.cache_read));
  await page.getByLabel("Of them cached").fill(String(tokens.cache_read));
  await page.getByLabel("Output tokens a request").fill(String(tokens.output));
  await page.getByLabel("Requests", { exact: true }).fill("1");
  const price = (await page.getByRole("status").innerText()).match(/\$([\d.]+) each/)?.[1];
  expect(Number(price)).toBe(Number(cost));
});

test("the calculator says what is wrong with a figure, and loses nothing", async ({ page }) => {
  await page.goto("/pricing");
  for (const wrong of ["-1", "1.5", "ten", "99999999999"]) {
    await page.getByLabel("Input tokens a request").fill(wrong);
    await expect(page.getByText("A whole number up to 10,000,000.")).toBeVisible();
    await expect(page.getByRole("status")).toContainText("Put the figures above right");
    await expect(page.getByLabel("Input tokens a request")).toHaveValue(wrong);
  }
  await page.getByLabel("Input tokens a request").fill("10");
  await page.getByLabel("Of them cached").fill("11");
  await expect(page.getByText("Cached tokens are part of the input.")).toBeVisible();
});

test("every model has a page, an alias leads to it, and anything else is not found", async ({
  page,
  request,
}) => {
  const sitemap = await (await request.get("/sitemap.xml")).text();
  const models = [...sitemap.matchAll(/<loc>[^<]*(\/models\/(?!changes<)[^<]+)<\/loc>/g)].map(
    (match) => match[1] ?? "",
  );
  expect(models.length).toBeGreaterThan(80);
  for (const path of everyNth(models, 8)) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(200);
    expect(await response.text(), path).toContain("ONEKEY_API_KEY");
  }
  const alias = await request.get("/models/omni-moderation-2024-09-26", { maxRedirects: 0 });
  expect(alias.status()).toBe(308);
  expect(alias.headers().location).toBe("/models/omni-moderation-latest");
  for (const path of ["/models/gpt-unheard-of", "/models/%3Cscript%3E", "/models/__proto__"])
    expect((await request.get(path)).status(), path).toBe(404);
  // A path that can be read in two ways is refused before it is looked up.
  expect((await request.get("/models/a%2Fb")).status()).toBe(400);
  await page.goto("/models");
  await page.getByRole("link", { name: "Claude Haiku 5.5", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Claude Haiku 5.5" })).toBeVisible();
});

test("a page describes itself to machines: canonical address, image, structured data", async ({
  page,
  request,
}) => {
  for (const path of ["/", "/security", "/pricing", "/models", "/models/gpt-6.1-sol"]) {
    await page.goto(path);
    await expect(page.locator("link[rel=canonical]"), path).toHaveAttribute(
      "href",
      `${deployment.origin}${path === "/" ? "" : path}`,
    );
    const imageUrl = await page
      .locator("meta[property='og:image']")
      .first()
      .getAttribute("content");
    const png = await (await request.get(imageUrl ?? "")).body();
    expect(png.subarray(1, 4).toString(), path).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)], path).toEqual([1200, 630]);
    for (const data of await page.locator("script[type='application/ld+json']").allTextContents())
      expect(JSON.parse(data), path).toMatchObject({ "@context": "https://schema.org" });
  }
  // A sandbox is nobody's to index.
  expect(await (await request.get("/robots.txt")).text()).toContain("Disallow: /\n");
});

test("every link on the public pages leads somewhere", async ({ page, request }) => {
  const hrefs = new Set<string>();
  for (const path of ["/", "/security", "/models", "/models/gpt-6.1-sol", ...PAGES]) {
    await page.goto(path);
    const links = await page
      .locator("a[href^='/'], a[href^='#']")
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    for (const link of links) hrefs.add(link);
    const missing = await page
      .locator("a[href^='#']")
      .evaluateAll((all) =>
        all
          .map((link) => (link.getAttribute("href") ?? "").slice(1))
          .filter((id) => id !== "" && document.getElementById(id) === null),
      );
    expect(missing, path).toEqual([]);
  }
  for (const link of new Set([...hrefs].map((href) => href.split("#")[0] ?? ""))) {
    // Each model's own is in the sitemap's test, and each page of the docs in theirs.
    if (/\/(models(\/|\?)|docs\/)/.test(link)) continue;
    expect((await request.get(link)).status(), link).toBe(200);
  }
});
