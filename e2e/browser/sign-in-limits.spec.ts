import { randomBytes } from "node:crypto";
import { freePort, launch, waitForHealth } from "../support/processes";
import { leavePage, linkTo, mailLink, newEmail } from "./sign-in";
import { database, expect, deployment, test } from "./fixtures";

test.describe("links are limited", () => {
  test.beforeEach(async () => {
    await (await database()).collection("attempts").deleteMany({});
    // Counters reset every quarter of an hour: not in the middle of a test.
    const remainingMs = 900_000 - (Date.now() % 900_000);
    if (remainingMs < 30_000) await new Promise((resolve) => setTimeout(resolve, remainingMs));
  });
  test.afterEach(async () => void (await (await database()).collection("attempts").deleteMany({})));

  test("five for one address in fifteen minutes, known or not, on two servers together", async ({
    page,
  }) => {
    const port = await freePort();
    const server = await launch({
      script: "dist/server.js",
      environment: { ...deployment.environment, PORT: String(port) },
    });
    await waitForHealth(`http://127.0.0.1:${port}`);
    const email = newEmail();
    for (let count = 1; count <= 5; count++)
      await mailLink(page, count % 2 === 0 ? email.toUpperCase() : email);
    await page.goto(`http://127.0.0.1:${port}/sign-in`);
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Email me a link" }).click();
    await expect(
      page
        .getByRole("alert")
        .getByText(/5 links were sent to this address .* try again at \d\d:\d\d/),
    ).toBeVisible();
    await leavePage(page, server);
    await mailLink(page, newEmail());
    await page.goto(await linkTo(email));
    await expect(page.getByText(email)).toBeVisible();
  });

  test("thirty for one client, whatever the addresses", { tag: "@long" }, async ({ page }) => {
    const port = await freePort();
    const settings = { CLIENT_ADDRESS_HEADER: "cf-connecting-ip" };
    const environment = {
      ...deployment.environment,
      ...settings,
      PORT: String(port),
      NEXTAUTH_URL: `http://127.0.0.1:${port}`,
    };
    const server = await launch({ script: "dist/server.js", environment });
    await waitForHealth(environment.NEXTAUTH_URL);
    const from = { "cf-connecting-ip": `2001:db8:${randomBytes(2).toString("hex")}::1` };
    await page.setExtraHTTPHeaders(from);
    for (let count = 1; count <= 30; count++) {
      const email = newEmail();
      await page.goto(`${environment.NEXTAUTH_URL}/sign-in`);
      await page.getByLabel("Email").fill(email);
      await page.getByRole("button", { name: "Email me a link" }).click();
      await expect(page.getByRole("status").getByText(email)).toBeVisible();
    }
    const email = newEmail();
    await page.setExtraHTTPHeaders({ ...from, "x-forwarded-for": "203.0.113.9" });
    await page.goto(`${environment.NEXTAUTH_URL}/sign-in`);
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Email me a link" }).click();
    await expect(
      page.getByRole("alert").getByText(/30 links were asked for from your network/),
    ).toBeVisible();
    expect(await linkTo(email)).toBe("");
    await leavePage(page, server);
  });
});
