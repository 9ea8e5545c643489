import type { Page } from "@playwright/test";
import { createCustomer, expect, signIn, test } from "./fixtures";
import {
  PAGE,
  accountPage,
  panel,
  accountOf,
  grantsOf,
  actionsOf,
  signInOperator,
  pressForRequest,
  resendAction,
  type ResendMail,
  grantCredits,
} from "./operator";

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, allowedConsole: [/404 \(Not Found\)/] });

  test("a grant is made; a former operator's form gets the page that is not there", async ({
    page,
  }) => {
    const [, customer, otherCustomer] = [
      await signInOperator(page),
      await createCustomer(),
      await createCustomer(),
    ];
    await page.goto(accountPage(customer));
    await grantCredits(page, { amount: "nothing", reason: "kept" });
    await expect(page.getByText("Enter an amount in dollars")).toBeVisible();
    await expect(panel(page, "Grant credits").getByLabel("Reason")).toHaveValue("kept");
    await grantCredits(page, { amount: "6", reason: "by a plain form" });
    await expect(page.getByText(`Granted $6.00 to ${customer.email}.`)).toBeVisible();
    expect((await accountOf(customer))?.credits).toBe(6_000_000_000);

    await page.goto(accountPage(customer));
    await signIn(page, otherCustomer);
    await grantCredits(page, { amount: "7", reason: "for me" });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      "There is nothing at this address",
    );
    await expect(page.getByText(customer.email)).toHaveCount(0);
    expect((await accountOf(customer))?.credits).toBe(6_000_000_000);
    expect(await actionsOf(customer)).toHaveLength(1);
  });
});

test.describe("everyone else", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  /** What a visitor can identify a page by. */
  async function look(page: Page, address: string) {
    const response = await page.goto(address);
    const { date: _, ...headers } = response?.headers() ?? {};
    const nonce = /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "";
    return {
      status: response?.status(),
      headers: JSON.stringify(headers).replaceAll(nonce, "nonce"),
      title: await page.title(),
      text: await page.locator("body").innerText(),
      robots: await page.locator("meta[name=robots]").first().getAttribute("content"),
    };
  }

  test("A visitor and another account see the page that is not there", async ({
    page,
    signedIn,
  }) => {
    const customer = await createCustomer();
    const addresses = [
      PAGE,
      `${PAGE}?q=a`,
      accountPage(customer),
      `${PAGE}/accounts/usr_nobody`,
      `${PAGE}/audit-log`,
    ];
    for (const visitor of ["a visitor", "another account"]) {
      if (visitor === "another account") await signedIn();
      const missing = await look(page, "/dashboard/there-is-no-such-page");
      expect(missing).toMatchObject({
        status: 404,
        text: expect.stringContaining("There is nothing at this address"),
      });
      for (const address of addresses)
        expect(await look(page, address), `${visitor}: ${address}`).toEqual(missing);
    }
    await page.goto("/dashboard");
    await expect(page.getByRole("navigation", { name: "Dashboard" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Operator" })).toHaveCount(0);
  });

  test("an operator action by a visitor, another account or another origin is rejected", async ({
    page,
  }) => {
    const [{ token }, customer, otherCustomer] = [
      await signInOperator(page),
      await createCustomer(),
      await createCustomer(),
    ];
    await page.goto(accountPage(customer));
    const suspension = async (name: "Suspend" | "Lift") => {
      const form = panel(page, name === "Suspend" ? "Suspend" : "Suspended");
      await form.getByLabel("Reason").fill("for a request");
      await form.getByRole("button", { name }).click();
    };
    const requests = {
      grant: await pressForRequest(
        page,
        () => grantCredits(page, { amount: "4", reason: "for a request" }),
        page.getByText(`Granted $4.00 to ${customer.email}.`),
      ),
      suspend: await pressForRequest(page, () => suspension("Suspend"), panel(page, "Suspended")),
      lift: await pressForRequest(page, () => suspension("Lift"), panel(page, "Suspend")),
    };
    const target = await createCustomer({ credits: "1" });
    const before = [await accountOf(target), await actionsOf(target), await grantsOf(target)];
    const fresh = (body: string) =>
      body
        .replaceAll(customer.accountId, target.accountId)
        .replace(/grt_\w{22}/, `grt_${"Z".repeat(22)}`);
    const otherToken = await signIn(await page.context().newPage(), otherCustomer);
    for (const [name, request] of Object.entries(requests)) {
      const tries: ResendMail[] = [
        { token: null },
        { token: otherToken },
        { token: "made-up" },
        { token, origin: null },
        { token, origin: "https://elsewhere.example" },
      ];
      // At another address the action runs the same code, and so the same check.
      await resendAction(request, {
        token: otherToken,
        path: "/dashboard/there-is-no-such-page",
        change: fresh,
      });
      for (const resend of tries) {
        const { status, text } = await resendAction(request, { ...resend, change: fresh });
        // A form without an Origin of ours is rejected before any page is looked up.
        const expectedStatus = "origin" in resend ? 403 : 404;
        expect(status, `${name} ${JSON.stringify(resend)}`).toBe(expectedStatus);
        expect(text).not.toContain(target.email);
      }
    }
    expect([await accountOf(target), await actionsOf(target), await grantsOf(target)]).toEqual(
      before,
    );
    // The same request by the operator succeeds: the refused one was complete.
    expect((await resendAction(requests.grant, { token, change: fresh })).status).toBe(200);
    expect(await grantsOf(target)).toHaveLength(2);
  });
});
