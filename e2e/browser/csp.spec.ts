import { signIn, createCustomer, expect, deployment, test } from "./fixtures";
import { collectViolations } from "./policy-violations";

const PUBLIC = [
  "/",
  "/models",
  "/models?q=claude&sort=input",
  "/models/gpt-6.1-sol",
  "/pricing",
  "/security",

  "/privacy",
  "/terms",
  "/contact",
  "/docs",
  "/docs/api",
  "/docs/openai",
  "/sign-in",
  "/nowhere",
];

test.use({ allowedConsole: [/404 \(Not Found\)/] });

test("no public page breaks its policy or has inline code without a nonce", async ({ page }) => {
  const violations = await collectViolations(page);
  for (const path of PUBLIC) {
    const response = await page.goto(path);
    const nonce =
      /'nonce-([^']+)'/.exec(response?.headers()["content-security-policy"] ?? "")?.[1] ?? "";
    expect(nonce.length, path).toBeGreaterThan(20);
    const html = (await response?.text()) ?? "";
    for (const [tag] of html.matchAll(/<(?:script|style)\b[^>]*>/g))
      if (!tag.includes("application/ld+json")) expect(tag, path).toContain(`nonce="${nonce}"`);
    expect(html, path).not.toMatch(/<[^>]+\s(?:style|on[a-z]+)="/);
    await page.waitForLoadState("networkidle");
  }
  console.log(`${PUBLIC.length} public pages, ${violations.length} violations of their policy`);
  expect(violations).toEqual([]);
});

test("no page of the dashboard breaks its policy", async ({ page }) => {
  await signIn(page, await createCustomer({ credits: "1" }));
  const violations = await collectViolations(page);
  await page.goto("/dashboard");
  const links = await page
    .locator("nav a[href^='/dashboard']")
    .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  const paths = [...new Set(["/dashboard", ...links])];
  for (const path of paths) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
  }
  console.log(
    `${paths.length} pages of the dashboard, ${violations.length} violations of their policy`,
  );
  expect(violations).toEqual([]);
});

test.describe("a page with foreign markup", () => {
  test.use({ allowedConsole: [/Content Security Policy|hydrat/i] });

  test("a script or style that was not ours does not run", async ({ page }) => {
    await page.route("**/contact", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(
        "</body>",
        `<script>window.evil = 1</script><img src="x:" onerror="window.evil = 2"><p style="color: red" id="red">x</p></body>`,
      );
      await route.fulfill({ response: response, body });
    });
    const violations = await collectViolations(page);
    await page.goto("/contact", { waitUntil: "domcontentloaded" });
    await expect.poll(() => violations.length).toBeGreaterThanOrEqual(3);
    expect(
      await page.evaluate(() => (window as unknown as { evil?: number }).evil),
    ).toBeUndefined();
    expect(
      await page.locator("#red").evaluate((element) => getComputedStyle(element).color),
    ).not.toBe("rgb(255, 0, 0)");
  });
});

test("each response has a different nonce", async ({ request }) => {
  const nonces = new Set<string>();
  for (let i = 0; i < 10; i++) {
    const response = await request.get("/contact");
    nonces.add(
      /'nonce-([^']+)'/.exec(response.headers()["content-security-policy"] ?? "")?.[1] ?? "",
    );
  }
  expect(nonces.size).toBe(10);
});

test("going from one area to another loads a document with that area's policy", async ({
  page,
}) => {
  await page.goto("/");
  await page.evaluate(() => Object.assign(window, { kept: true }));
  const isSamePage = () => page.evaluate(() => "kept" in window);
  await page
    .getByRole("navigation", { name: "Site" })
    .getByRole("link", { name: "Security" })
    .click();
  await expect(
    page.getByRole("heading", { level: 1, name: "Security and data handling" }),
  ).toBeVisible();
  expect(await isSamePage()).toBe(true);
  await page.getByRole("link", { name: "Get a key" }).first().click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.waitForLoadState();
  expect(await isSamePage()).toBe(false);
  await page.goBack();
  await expect(
    page.getByRole("heading", { level: 1, name: "Security and data handling" }),
  ).toBeVisible();
});

test("a document that names no icon leaves no 404 on the console", async ({ page }) => {
  // The browser asks for /favicon.ico then, which the fixture of the page would see on the console only.
  await page.goto("/robots.txt");
  const icon = await page.request.get("/favicon.ico");
  expect(icon.headers()["content-type"]).toBe("image/svg+xml");
});

test("files and endpoints are nosniff, and the API has none of the pages' headers", async ({
  request,
}) => {
  for (const path of ["/theme.js", "/api/health", "/icon.svg", "/favicon.ico"]) {
    const response = await request.get(path);
    expect(response.status(), path).toBe(200);
    expect(response.headers()["x-content-type-options"], path).toBe("nosniff");
  }
  const { key } = await createCustomer();
  const response = await request.get(`${deployment.origin}/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status()).toBe(200);
  for (const name of [
    "content-security-policy",
    "x-frame-options",
    "strict-transport-security",
    "permissions-policy",
  ])
    expect(response.headers()).not.toHaveProperty(name);
});
