import {
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  deployment,
  expect,
  test,
} from "./fixtures";
import { linkTo, mailsTo, newEmail } from "./sign-in";
import { createTeam, invite, otherBrowser, row, switcher, uniqueName } from "./team";

test("a person is invited, joins, switches accounts, gets another role and is removed while signed in", async ({
  page,
  browser,
  signedIn,
}) => {
  test.setTimeout(120_000);
  const owner = await signedIn();
  const guest = await createCustomer();
  const name = uniqueName();
  const teamId = await createTeam(page, name);
  await invite(page, `${guest.email}, not an address`);
  await expect(page.getByRole("dialog")).toContainText("No invitation was sent.");
  await page.getByRole("dialog").getByLabel("Addresses").fill(guest.email);
  await page.getByRole("button", { name: "Send invitation" }).click();
  await expect(row(page, guest.email)).toContainText("Developer");
  expect((await mailsTo(guest.email))[0]?.text).toContain(owner.email);

  const guestPage = await otherBrowser(browser, guest);
  await guestPage.goto(await linkTo(guest.email));
  await expect(guestPage.getByRole("heading", { level: 1, name: `Join ${name}` })).toBeVisible();
  await guestPage.getByRole("button", { name: `Join ${name}` }).click();
  await expect(guestPage).toHaveURL(`${deployment.origin}/dashboard/${teamId}`);
  await expect(switcher(guestPage)).toHaveText(new RegExp(name));
  const navigation = guestPage.getByRole("navigation", { name: "Dashboard" });
  await expect(navigation.getByRole("link", { name: "Projects" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "Credits" })).toHaveCount(0);

  // The same place in the personal account, and back by the keyboard.
  await navigation.getByRole("link", { name: "Usage" }).click();
  await expect(guestPage).toHaveURL(`${deployment.origin}/dashboard/${teamId}/usage`);
  await switcher(guestPage).click();
  await guestPage.getByRole("menuitem", { name: "Personal account" }).click();
  await expect(guestPage).toHaveURL(`${deployment.origin}/dashboard/usage`);
  await expect(navigation.getByRole("link", { name: "Credits" })).toBeVisible();
  // The menu's scripts load after the page.
  await expect(switcher(guestPage)).toBeEnabled();
  await switcher(guestPage).focus();
  await guestPage.keyboard.press("Enter");
  await expect(guestPage.getByRole("menuitem", { name })).toBeFocused();
  await guestPage.keyboard.press("Escape");
  await expect(switcher(guestPage)).toBeFocused();
  await guestPage.goto(`/dashboard/${teamId}/settings/team`);
  await expect(guestPage.getByRole("button", { name: "Invite people" })).toHaveCount(0);

  await page.reload();
  await page.getByLabel(`Role of ${guest.email}`).selectOption("viewer");
  await expect(row(page, guest.email).getByText("Saved.")).toBeVisible();
  await guestPage.goto(`/dashboard/${teamId}/projects`);
  await expect(guestPage.getByRole("link", { name: "New project" })).toHaveCount(0);
  await row(page, guest.email).getByRole("button", { name: /^Undo/ }).click();
  await expect(page.getByLabel(`Role of ${guest.email}`)).toHaveValue("developer");
  await guestPage.reload();
  await expect(guestPage.getByRole("link", { name: "New project" })).toBeVisible();

  await guestPage.getByRole("link", { name: "First project" }).click();
  await guestPage.getByRole("button", { name: "Create key" }).click();
  const guestKey = await guestPage.getByLabel("API key").textContent();
  await guestPage.goto(`/dashboard/${teamId}/projects`);

  await page.reload();
  await page.getByRole("button", { name: `Actions for ${guest.email}` }).click();
  await page.getByRole("menuitem", { name: `Remove from ${name}` }).click();
  const question = page.getByRole("alertdialog");
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await question.getByLabel("Rotate the key with 24 hours of overlap").check();
  await question.getByRole("button", { name: "Remove" }).click();
  const newSecret = page.getByLabel(/^Secret of /);
  await expect(newSecret).toHaveText(/^sk-onekey-\w{49}$/);
  await expect(newSecret).not.toHaveText(guestKey ?? "");
  await expect(question.getByRole("button", { name: "Done" })).toBeDisabled();
  await question.getByLabel("I have stored the secrets somewhere safe").check();
  await question.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(row(page, guest.email)).toHaveCount(0);
  await guestPage.getByRole("link", { name: "New project" }).click();
  await expect(guestPage.getByText("You may no longer be a member of this team.")).toBeVisible();
  await guestPage.goto("/dashboard");
  await expect(switcher(guestPage)).not.toHaveText(new RegExp(name));

  await page.goto(`/dashboard/${teamId}/settings/audit-log`);
  for (const entry of [
    "created the team",
    "invited",
    "joined the team",
    "changed the role of",
    "rotated the key",
  ])
    await expect(page.getByText(entry).first()).toBeVisible();
  await page
    .getByRole("button", { name: /, details$/ })
    .first()
    .click();
  await expect(page.getByText(/^aud_/).first()).toBeVisible();
  await page.getByRole("button", { name: "Export" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: /^CSV/ }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("onekey-audit-log.csv");
  await guestPage.context().close();
});

test("a team is renamed, handed over, left and deleted; the last owner cannot leave", async ({
  page,
  browser,
  signedIn,
}) => {
  test.setTimeout(120_000);
  const owner = await signedIn();
  const partner = await createCustomer();
  const name = uniqueName();
  const teamId = await createTeam(page, name);
  await page.getByRole("button", { name: `Actions for ${owner.email}` }).click();
  await expect(page.getByRole("menuitem", { name: `Leave ${name}` })).toBeDisabled();
  await page.keyboard.press("Escape");
  await (
    await database()
  )
    .collection<{ _id: string; members: unknown[] }>("teams")
    .updateOne({ _id: teamId }, {
      $push: {
        members: {
          userId: partner.accountId,
          role: "admin",
          joinedAt: new Date(),
          invitedBy: null,
        },
      },
    } as never);
  const partnerPage = await otherBrowser(browser, partner);
  await partnerPage.goto(`/dashboard/${teamId}/settings/team`);

  await page.reload();
  await page.getByRole("button", { name: `Actions for ${owner.email}` }).click();
  await page.getByRole("menuitem", { name: "Transfer ownership" }).click();
  const transfer = page.getByRole("alertdialog");
  const confirm = transfer.getByRole("button", { name: `Transfer to ${partner.email}` });
  await transfer.getByLabel(`Type ${name} to confirm`).fill(name.slice(1));
  await expect(confirm).toBeDisabled();
  await transfer.getByLabel(`Type ${name} to confirm`).fill(name);
  await checkPage(page, "the transfer");
  await confirm.click();
  await expect(row(page, partner.email)).toContainText("Owner");
  await page.getByRole("button", { name: `Actions for ${owner.email}` }).click();
  await page.getByRole("menuitem", { name: `Leave ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(`${deployment.origin}/dashboard`);
  await expect(switcher(page)).toHaveText(new RegExp(owner.email.slice(0, 12)));

  await partnerPage.goto(`/dashboard/${teamId}/settings`);
  await partnerPage.getByLabel("Team name").fill(" ");
  const teamPanel = partnerPage.locator("section").filter({ hasText: "Team name" }).last();
  await teamPanel.getByRole("button", { name: "Save" }).click();
  await expect(partnerPage.getByText("Give the team a name.")).toBeVisible();
  await partnerPage.getByLabel("Team name").fill("Acorn Studio");
  await teamPanel.getByRole("button", { name: "Save" }).click();
  await expect(switcher(partnerPage)).toHaveText(/Acorn Studio/);
  await partnerPage.getByRole("button", { name: "Delete Acorn Studio" }).click();
  const deletion = partnerPage.getByRole("dialog");
  await deletion.getByRole("textbox").fill("acorn");
  await deletion.getByRole("button", { name: "Delete Acorn Studio" }).click();
  await expect(deletion.getByRole("alert")).toContainText("Nothing was deleted.");
  await deletion.getByRole("textbox").fill("Acorn Studio");
  await deletion.getByRole("button", { name: "Delete Acorn Studio" }).click();
  await expect(partnerPage).toHaveURL(`${deployment.origin}/dashboard`);
  await expect(switcher(partnerPage)).not.toHaveText(/Acorn Studio/);
  await partnerPage.context().close();
});

test("the team's pages and dialogs read at every width in both themes", async ({
  page,
  signedIn,
}) => {
  test.setTimeout(180_000);
  await signedIn();
  await checkEverywhere(page, "/dashboard/settings/team");
  await checkEverywhere(page, "/dashboard/new-team");
  const teamId = await createTeam(page, "Fieldnote");
  const email = newEmail();
  await invite(page, email);
  await expect(row(page, email)).toBeVisible();
  await checkEverywhere(page, `/dashboard/${teamId}/settings/team`);
  await checkEverywhere(page, `/dashboard/${teamId}/settings`);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`/dashboard/${teamId}/settings/team`);
    await switcher(page).click();
    await expect(page.getByRole("menuitem", { name: "New team" })).toBeVisible();
    // An open menu is no landmark, and has guards at its edges that take the focus on.
    await checkPage(page, `switcher ${width}`, ["color-contrast", "aria-required-children"]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Invite people" }).click();
    await expect(page.getByRole("dialog").getByLabel("Addresses")).toBeFocused();
    await checkPage(page, `invite ${width}`);
    await page.keyboard.press("Escape");
  }
});
