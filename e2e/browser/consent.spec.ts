import type { Page } from "@playwright/test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort, launch, waitForHealth, type LaunchedProcess } from "../support/processes";
import { everyNth, expect, deployment, test } from "./fixtures";

const COOKIEBOT = "00000000-1111-2222-3333-444444444444";

let origin = "";
let running: LaunchedProcess[] = [];
let dataDir = "";

/** A live server with analytics set up, which the sandbox never has. */
test.beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "onekey-consent-"));
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  const environment = {
    ONEKEY_MODE: "live",
    CONTACT_EMAIL: "help@example.com",
    ONEKEY_DATA_DIR: dataDir,
    HOST: "127.0.0.1",
    PORT: String(port),
    NEXTAUTH_URL: origin,
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
    GTM_ID: "GTM-TEST",
    COOKIEBOT_ID: COOKIEBOT,
  };
  running = [await launch({ script: "dist/database.js", environment, ready: /"ready":true/ })];
  running.push(await launch({ script: "dist/server.js", environment }));
  await waitForHealth(origin);
});

test.afterAll(async () => {
  for (const process of running.toReversed()) await process.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Behaves as Cookiebot's script does: keeps the choice in its cookie, reports it by events, has buttons for the test. */
const cookiebot = `(() => {
  const chosen = () => /CookieConsent=(\\w+)/.exec(document.cookie)?.[1];
  const bot = { consent: { statistics: chosen() === "yes" }, renew: () => { document.body.dataset.renewed = "yes"; } };
  const announce = () => window.dispatchEvent(new Event(bot.consent.statistics ? "CookiebotOnAccept" : "CookiebotOnDecline"));
  window.choose = (statistics) => {
    bot.consent.statistics = statistics;
    document.cookie = "CookieConsent=" + (statistics ? "yes" : "no") + "; path=/";
    announce();
  };
  window.Cookiebot = bot;
  if (chosen()) announce();
})();`;
const tagManager = `document.cookie = "_ga=GA1.1; path=/"; document.cookie = "_ga_ABC=GS1; path=/";
fetch("https://region1.google-analytics.com/g/collect", { method: "POST", mode: "no-cors", body: "" });`;

type RemainingState = { cookiebot: number; google: number; other: string[] };

/** Stands in for Cookiebot and Google, and counts what the browser sends to anyone but the server. */
async function watch(page: Page, server: string): Promise<RemainingState> {
  const remaining: RemainingState = { cookiebot: 0, google: 0, other: [] };
  await page.route(
    (url) => url.origin !== server,
    (route) => {
      const { hostname, href } = new URL(route.request().url());
      if (hostname === "consent.cookiebot.com") {
        remaining.cookiebot++;
        return route.fulfill({ contentType: "text/javascript", body: cookiebot });
      }
      if (/(^|\.)(googletagmanager|google-analytics)\.com$/.test(hostname)) {
        remaining.google++;
        return route.fulfill({ contentType: "text/javascript", body: tagManager });
      }
      remaining.other.push(href);
      return route.abort();
    },
  );
  return remaining;
}

const choose = (page: Page, statistics: boolean) =>
  page.evaluate(
    (value) => (window as unknown as { choose: (statistics: boolean) => void }).choose(value),
    statistics,
  );
const ready = (page: Page) => page.waitForFunction(() => "choose" in window);
const cookies = async (page: Page) =>
  (await page.context().cookies()).map(({ name }) => name).toSorted();
const settle = (page: Page) => page.waitForLoadState("networkidle");

test("before consent no request reaches Google and no cookie is set", async ({ page }) => {
  const remaining = await watch(page, origin);
  for (const where of ["/", "/security", "/models", "/pricing", "/privacy"]) {
    await page.goto(origin + where);
    await ready(page);
    await settle(page);
  }
  console.log(
    `before consent: ${remaining.cookiebot} requests to Cookiebot, ${remaining.google} to Google`,
  );
  expect(remaining).toEqual({ cookiebot: 5, google: 0, other: [] });
  expect(await cookies(page)).toEqual([]);
});

test("with consent denied no request reaches Google", async ({ page }) => {
  const remaining = await watch(page, origin);
  await page.goto(origin);
  await ready(page);
  await choose(page, false);
  await page.goto(`${origin}/security`);
  await ready(page);
  await settle(page);
  console.log(
    `denied: ${remaining.cookiebot} requests to Cookiebot, ${remaining.google} to Google`,
  );
  expect(remaining).toEqual({ cookiebot: 2, google: 0, other: [] });
  expect(await cookies(page)).toEqual(["CookieConsent"]);
});

test("Tag Manager loads with consent; withdrawn, it is gone with its cookies", async ({ page }) => {
  const remaining = await watch(page, origin);
  await page.goto(origin);
  await ready(page);
  await choose(page, true);
  await expect.poll(() => remaining.google).toBe(2);
  expect(await cookies(page)).toEqual(["CookieConsent", "_ga", "_ga_ABC"]);
  const layer = await page.evaluate(() => JSON.stringify(window.dataLayer));
  expect(layer).toContain('"ad_storage":"denied"');
  expect(layer).toContain('"event":"gtm.js"');

  // Another page of the site, without a new document: nothing is loaded twice.
  await page
    .getByRole("navigation", { name: "Site" })
    .getByRole("link", { name: "Security" })
    .click();
  await expect(page).toHaveURL(/\/security$/);
  expect(remaining.google).toBe(2);

  await Promise.all([page.waitForEvent("load"), choose(page, false)]);
  await ready(page);
  await settle(page);
  console.log(
    `given, then withdrawn: ${remaining.google} requests to Google, all of them before it was withdrawn`,
  );
  expect(remaining.google).toBe(2);
  expect(await page.locator("#google-tag-manager").count()).toBe(0);
  expect(await cookies(page)).toEqual(["CookieConsent"]);
  await page.goto(`${origin}/models`);
  await ready(page);
  await settle(page);
  expect(remaining.google).toBe(2);
  expect(remaining.other).toEqual([]);
});

test("where one signs in and on the dashboard there is neither Cookiebot nor Google", async ({
  page,
}) => {
  const remaining = await watch(page, origin);
  await page.goto(`${origin}/sign-in`);
  await settle(page);
  await page.goto(`${origin}/dashboard`);
  await settle(page);
  expect(remaining).toEqual({ cookiebot: 0, google: 0, other: [] });
});

test("the choice can be changed from the privacy page", async ({ page }) => {
  await watch(page, origin);
  await page.goto(`${origin}/privacy#cookies`);
  await ready(page);
  await page.getByRole("button", { name: "Change your choice" }).click();
  await expect(page.locator("body")).toHaveAttribute("data-renewed", "yes");
});

test("without analytics set up no page asks another host for anything", async ({ page }) => {
  const remaining = await watch(page, deployment.origin);
  const pages = ["/", "/models", "/pricing", "/security", "/privacy", "/terms", "/contact"];
  for (const where of everyNth(pages, 3)) {
    await page.goto(deployment.origin + where);
    await settle(page);
    expect(
      await page.locator("script[src*='cookiebot'], script[src*='googletagmanager']").count(),
    ).toBe(0);
  }
  expect(remaining).toEqual({ cookiebot: 0, google: 0, other: [] });
  expect(await cookies(page)).toEqual([]);
});
