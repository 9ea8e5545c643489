import {
  checkEverywhere,
  createCustomer,
  database,
  deployment,
  expect,
  signIn,
  test,
} from "./fixtures";
import { linkTo } from "./sign-in";
import { createTeam, invite, row, uniqueName } from "./team";

test.describe("an invitation", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });

  test("says who can use it, and that it has ended; a forged one is a 404", async ({
    page,
    browser,
    signedIn,
  }) => {
    test.setTimeout(120_000);
    await signedIn();
    const [guest, stranger] = [await createCustomer(), await createCustomer()];
    const name = uniqueName();
    const teamId = await createTeam(page, name);
    await invite(page, guest.email, "Viewer");
    await expect(row(page, guest.email)).toBeVisible();
    const link = await linkTo(guest.email);
    const teams = (await database()).collection<{ _id: string }>("teams");

    const visitor = await (await browser.newContext({ baseURL: deployment.origin })).newPage();
    await visitor.goto(link);
    await expect(visitor.getByText(`Sign in with ${guest.email} to join.`)).toBeVisible();
    await checkEverywhere(visitor, link);
    await visitor.getByRole("link", { name: "Sign in to join" }).click();
    await expect(visitor).toHaveURL(/\/sign-in\?next=%2Finvitation/);

    await signIn(visitor, stranger);
    await visitor.goto(link);
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText(
      "This invitation is for someone else",
    );
    await expect(visitor.getByText(name)).toHaveCount(0);
    await visitor.getByRole("button", { name: /^Sign out, and sign in as/ }).click();
    await expect(visitor).toHaveURL(/\/sign-in\?next=%2Finvitation/);

    await signIn(visitor, guest);
    const setExpiry = async (expiresAt: Date) =>
      teams.updateOne({ _id: teamId }, { $set: { "invitations.0.expiresAt": expiresAt } });
    await setExpiry(new Date(Date.now() - 1_000));
    await visitor.goto(link);
    await expect(visitor.getByText("This invitation has ended")).toBeVisible();
    await setExpiry(new Date(Date.now() + 86_400_000));

    // Sent again: the former link is worth nothing.
    await page.reload();
    await row(page, guest.email)
      .getByRole("button", { name: /^Send again/ })
      .click();
    await expect(page.getByText("The former link no longer works.")).toBeVisible();
    expect((await visitor.goto(link))?.status()).toBe(404);
    const newLink = await linkTo(guest.email);
    await visitor.goto(newLink);
    await expect(visitor.getByRole("button", { name: `Join ${name}` })).toBeVisible();

    // Revoked while the page is open: pressing Join changes nothing.
    await row(page, guest.email)
      .getByRole("button", { name: /^Revoke/ })
      .click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke invitation" }).click();
    // It hides the rows below it from roles until the invitation is revoked.
    await expect(page.getByRole("alertdialog")).toBeHidden();
    await expect(row(page, guest.email)).toHaveCount(0);
    await visitor.getByRole("button", { name: `Join ${name}` }).click();
    await expect(visitor.getByText("This invitation was revoked.").first()).toBeVisible();
    await visitor.goto(newLink);
    await expect(visitor.getByText("This invitation was revoked")).toBeVisible();
    for (const token of ["x", "", "A".repeat(43), "%00"])
      expect((await visitor.goto(`/invitation?token=${token}`))?.status(), token).toBe(404);

    await invite(page, guest.email);
    await expect(row(page, guest.email)).toBeVisible();
    const lastLink = await linkTo(guest.email);
    await visitor.goto(lastLink);
    await visitor.getByRole("button", { name: "Decline" }).click();
    await expect(visitor.getByRole("heading", { level: 1, name: "Declined" })).toBeVisible();
    const team = await teams.findOne({ _id: teamId });
    expect((team as { members?: unknown[] } | null)?.members).toHaveLength(1);
    await visitor.context().close();
  });
});
