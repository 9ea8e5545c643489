import { randomBytes } from "node:crypto";
import { freePort, launch, waitForHealth } from "../support/processes";
import { leave, linkTo, mailLink, someone } from "./sign-in";
import { database, expect, stage, test } from "./stage";

test.describe("links are limited", () => {
  test.beforeEach(async () => {
    test.setTimeout(120_000);
    await (await database()).collection("attempts").deleteMany({});
    // Counters begin anew every quarter of an hour: not in the middle of a test.
    const left = 900_000 - (Date.now() % 900_000);
    if (left < 30_000) await new Promise((resolve) => setTimeout(resolve, left));
  });
  test.afterEach(async () => void (await (await database()).collection("attempts").deleteMany({})));

  test("five for one address in fifteen minutes, known or not, on two servers together", async ({
    page,
  }) => {
    const port = await freePort();
    const other = await launch({
      script: "dist/server.js",
      environment: { ...stage.environment, PORT: String(port) },
    });
    await waitForHealth(`http://127.0.0.1:${port}`);
    const email = someone();
    for (let sent = 1; sent <= 5; sent++)
      await mailLink(page, sent % 2 === 0 ? email.toUpperCase() : email);
    await page.goto(`http://127.0.0.1:${port}/sign-in`);
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Email me a link" }).click();
    await expect(
      page
        .getByRole("alert")
        .getByText(/5 links were sent to this address .* try again at \d\d:\d\d/),
    ).toBeVisible();
    await leave(page, other);
    await mailLink(page, someone());
    await page.goto(await linkTo(email));
    await expect(page.getByText(email)).toBeVisible();
  });

  test("thirty for one client, whatever the addresses", async ({ page }) => {
    const port = await freePort();
    const trusted = { CLIENT_ADDRESS_HEADER: "cf-connecting-ip" };
    const environment = {
      ...stage.environment,
      ...trusted,
      PORT: String(port),
      NEXTAUTH_URL: `http://127.0.0.1:${port}`,
    };
    const other = await launch({ script: "dist/server.js", environment });
    await waitForHealth(environment.NEXTAUTH_URL);
    const from = { "cf-connecting-ip": `2001:db8:${randomBytes(2).toString("hex")}::1` };
    await page.setExtraHTTPHeaders(from);
    for (let sent = 1; sent <= 30; sent++) {
      const email = someone();
      await page.goto(`${environment.NEXTAUTH_URL}/sign-in`);
      await page.getByLabel("Email").fill(email);
      await page.getByRole("button", { name: "Email me a link" }).click();
      await expect(page.getByRole("status").getByText(email)).toBeVisible();
    }
    const email = someone();
    await page.setExtraHTTPHeaders({ ...from, "x-forwarded-for": "203.0.113.9" });
    await page.goto(`${environment.NEXTAUTH_URL}/sign-in`);
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Email me a link" }).click();
    await expect(
      page.getByRole("alert").getByText(/30 links were asked for from your network/),
    ).toBeVisible();
    expect(await linkTo(email)).toBe("");
    await leave(page, other);
  });
});
