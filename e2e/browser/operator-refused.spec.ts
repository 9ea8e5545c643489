import type { Page } from "@playwright/test";
import { customer, expect, signIn, test } from "./stage";
import {
  PAGE,
  accountPage,
  panel,
  accountOf,
  grantsOf,
  actsOf,
  asOperator,
  sent,
  again,
  type ResendMail,
  grant,
} from "./operator";

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false, allowedConsole: [/404 \(Not Found\)/] });

  test("a grant is made, and the form of one who is no operator any more is the page that is not there", async ({
    page,
  }) => {
    const [, them, other] = [await asOperator(page), await customer(), await customer()];
    await page.goto(accountPage(them));
    await grant(page, { amount: "nothing", reason: "kept" });
    await expect(page.getByText("Enter an amount in dollars")).toBeVisible();
    await expect(panel(page, "Grant credits").getByLabel("Reason")).toHaveValue("kept");
    await grant(page, { amount: "6", reason: "by a plain form" });
    await expect(page.getByText(`Granted $6.00 to ${them.email}.`)).toBeVisible();
    expect((await accountOf(them))?.credits).toBe(6_000_000_000);

    await page.goto(accountPage(them));
    await signIn(page, other);
    await grant(page, { amount: "7", reason: "for me" });
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      "There is nothing at this address",
    );
    await expect(page.getByText(them.email)).toHaveCount(0);
    expect((await accountOf(them))?.credits).toBe(6_000_000_000);
    expect(await actsOf(them)).toHaveLength(1);
  });
});

test.describe("everyone else", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  /** What a visitor can tell a page by. */
  async function look(page: Page, address: string) {
    const answer = await page.goto(address);
    const { date: _, ...headers } = answer?.headers() ?? {};
    const nonce = /'nonce-([^']+)'/.exec(headers["content-security-policy"] ?? "")?.[1] ?? "";
    return {
      status: answer?.status(),
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
    const them = await customer();
    const addresses = [
      PAGE,
      `${PAGE}?q=a`,
      accountPage(them),
      `${PAGE}/accounts/usr_nobody`,
      `${PAGE}/audit-log`,
    ];
    for (const who of ["a visitor", "another account"]) {
      if (who === "another account") await signedIn();
      const missing = await look(page, "/dashboard/there-is-no-such-page");
      expect(missing).toMatchObject({
        status: 404,
        text: expect.stringContaining("There is nothing at this address"),
      });
      for (const address of addresses)
        expect(await look(page, address), `${who}: ${address}`).toEqual(missing);
    }
    await page.goto("/dashboard");
    await expect(page.getByRole("navigation", { name: "Dashboard" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Operator" })).toHaveCount(0);
  });

  test("an operator action by a visitor, another account or another origin is rejected", async ({
    page,
  }) => {
    test.setTimeout(120_000);
    const [{ token }, them, other] = [await asOperator(page), await customer(), await customer()];
    await page.goto(accountPage(them));
    const suspension = async (name: "Suspend" | "Lift") => {
      const it = panel(page, name === "Suspend" ? "Suspend" : "Suspended");
      await it.getByLabel("Reason").fill("for a request");
      await it.getByRole("button", { name }).click();
    };
    const requests = {
      grant: await sent(
        page,
        () => grant(page, { amount: "4", reason: "for a request" }),
        page.getByText(`Granted $4.00 to ${them.email}.`),
      ),
      suspend: await sent(page, () => suspension("Suspend"), panel(page, "Suspended")),
      lift: await sent(page, () => suspension("Lift"), panel(page, "Suspend")),
    };
    const target = await customer({ credits: "1" });
    const before = [await accountOf(target), await actsOf(target), await grantsOf(target)];
    const fresh = (body: string) =>
      body
        .replaceAll(them.accountId, target.accountId)
        .replace(/grt_\w{22}/, `grt_${"Z".repeat(22)}`);
    const others = await signIn(await page.context().newPage(), other);
    for (const [name, request] of Object.entries(requests)) {
      const tries: ResendMail[] = [
        { token: null },
        { token: others },
        { token: "made-up" },
        { token, origin: null },
        { token, origin: "https://elsewhere.example" },
      ];
      // At another address too the act finds its own code, and with it the same door.
      await again(request, {
        token: others,
        path: "/dashboard/there-is-no-such-page",
        change: fresh,
      });
      for (const resend of tries) {
        const { status, text } = await again(request, { ...resend, change: fresh });
        // A form without an Origin of ours is rejected before any page is looked up.
        const refused = "origin" in resend ? 403 : 404;
        expect(status, `${name} ${JSON.stringify(resend)}`).toBe(refused);
        expect(text).not.toContain(target.email);
      }
    }
    expect([await accountOf(target), await actsOf(target), await grantsOf(target)]).toEqual(before);
    // The very same, sent by the operator, does it: what was refused was whole.
    expect((await again(requests.grant, { token, change: fresh })).status).toBe(200);
    expect(await grantsOf(target)).toHaveLength(2);
  });
});
