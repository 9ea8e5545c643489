import type { Browser, Page } from "@playwright/test";
import { deployment, expect, signIn, type Customer } from "./fixtures";

const TEAM = /\/dashboard\/(acc_\w{22})\/settings\/team$/;

/** Creates a team as its owner would, and returns its id. */
export async function createTeam(page: Page, name: string): Promise<string> {
  await page.goto("/dashboard/new-team");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Create team" }).click();
  await expect(page).toHaveURL(TEAM);
  await expect(page.getByRole("heading", { name: "Members" })).toBeVisible();
  return TEAM.exec(page.url())?.[1] ?? "";
}

export async function invite(page: Page, emails: string, role = "Developer"): Promise<void> {
  const dialog = page.getByRole("dialog");
  // A click before the page's scripts run opens nothing.
  await expect(async () => {
    if (!(await dialog.isVisible()))
      await page.getByRole("button", { name: "Invite people" }).click({ timeout: 2_000 });
    await expect(dialog).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await dialog.getByLabel("Addresses").fill(emails);
  await dialog.getByLabel(role).check();
  await dialog.getByRole("button", { name: /^Send/ }).click();
}

/** A browser of somebody else, signed in. */
export async function otherBrowser(browser: Browser, person: Customer): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: deployment.origin })).newPage();
  await signIn(page, person);
  return page;
}

export const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });
export const switcher = (page: Page) => page.getByRole("button", { name: /^Account: / });
export const uniqueName = () => `Fieldnote ${Math.random().toString(36).slice(2, 8)}`;
