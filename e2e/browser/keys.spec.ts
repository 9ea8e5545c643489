import type { Page } from "@playwright/test";
import OpenAI from "openai";
import {
  checkEverywhere,
  checkPage,
  database,
  deployment,
  expect,
  test,
  type Customer,
} from "./fixtures";

const hello = { model: "gpt-6-luna", messages: [{ role: "user" as const, content: "Hello" }] };
const client = (apiKey: string) =>
  new OpenAI({ apiKey, baseURL: `${deployment.origin}/v1`, maxRetries: 0 });
const projectPage = ({ project }: Pick<Customer, "project">) => `/dashboard/projects/${project}`;

async function shownKey(page: Page): Promise<string> {
  const key = await page.getByRole("alertdialog").getByLabel("API key").textContent();
  expect(key).toMatch(/^sk-onekey-\w{49}$/);
  return key ?? "";
}

/** Rotates the only key; `overlap` is how long its old secret works. */
async function rotate(page: Page, overlap: string): Promise<void> {
  await page.getByRole("button", { name: "Rotate default" }).click();
  const choice = page.getByRole("dialog");
  await choice.getByLabel(overlap).check();
  await choice.getByRole("button", { name: /^Rotate/ }).click();
}

/** Chooses an item of a key's menu. */
async function openMenu(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function acknowledge(page: Page): Promise<void> {
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("I have stored the key somewhere safe").check();
  await dialog.getByRole("button", { name: "Done" }).click();
}

test("a key is copied where the browser offers no clipboard to pages on plain http", async ({
  page,
  context,
  signedIn,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: deployment.origin,
  });
  const customer = await signedIn();
  await page.goto(projectPage(customer));
  await page.evaluate(() => {
    Object.defineProperty(navigator.clipboard, "writeText", { value: undefined });
  });
  await rotate(page, "Immediately");
  const key = await shownKey(page);
  await page.getByRole("alertdialog").getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByRole("alertdialog").getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
});

test("rotate and revoke state their consequence and apply immediately", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  await client(customer.key).chat.completions.create(hello);
  await page.goto(projectPage(customer));
  await openMenu(page, "default", "Usage of this key");
  await expect(page).toHaveURL(/\/dashboard\/usage\?key=key_/);
  await page.goto(projectPage(customer));
  await page.getByRole("button", { name: "Rotate default" }).click();
  const choice = page.getByRole("dialog");
  await expect(choice).toContainText("1 request used it in the last hour");
  await expect(choice.getByRole("button", { name: "Cancel" })).toBeFocused();
  await checkPage(page, "the choice");
  await page.keyboard.press("Escape");
  await expect(choice).toBeHidden();
  await client(customer.key).chat.completions.create(hello);

  await rotate(page, "Immediately");
  const key = await shownKey(page);
  await expect(client(customer.key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 401,
  });
  await client(key).chat.completions.create(hello);
  await expect(page.getByRole("alertdialog")).toContainText("no longer works");
  await acknowledge(page);

  await openMenu(page, "default", "Revoke");
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("are refused from the moment you press Revoke");
  await question.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByRole("button", { name: "Create key" })).toBeVisible();
  await expect(client(key).chat.completions.create(hello)).rejects.toMatchObject({ status: 401 });
});

test("after a rotation with overlap both secrets work until the overlap is ended", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  await page.goto(projectPage(customer));
  await rotate(page, "24 hours");
  const key = await shownKey(page);
  for (const secret of [customer.key, key]) await client(secret).chat.completions.create(hello);
  await acknowledge(page);
  await expect(page.getByText(/The old key works for/)).toBeVisible();
  await checkEverywhere(page, projectPage(customer));
  await page.getByRole("button", { name: "End overlap now" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "End overlap" }).click();
  await expect(page.getByText(/The old key works for/)).toBeHidden();
  await expect(client(customer.key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 401,
  });
  await client(key).chat.completions.create(hello);
});

test("a second key has a name, limits and an expiry, and errors keep what was entered", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn({ credits: "10" });
  await page.goto(projectPage(customer));
  await page.getByRole("link", { name: "Create key" }).click();
  // The page before has a field of this name too.
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Create a key for/);
  await page.getByLabel("Name").fill("default");
  await page.getByLabel("Expires").selectOption("30");
  await page.getByLabel("Maximum cost of one request").fill("0.000001");
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.getByText('The project has a key named "default".')).toBeVisible();
  await expect(page.getByLabel("Maximum cost of one request")).toHaveValue("0.000001");
  await page.getByLabel("Name").fill("ci-smoke");
  await page.getByRole("button", { name: "Create key" }).click();
  const key = await shownKey(page);
  await expect(client(key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 402,
    message: expect.stringContaining('The key "ci-smoke" allows at most'),
  });
  await acknowledge(page);
  await page.getByRole("link", { name: "ci-smoke" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("ci-smoke");
  await checkEverywhere(page, page.url());
  await page.goto("/dashboard/settings/audit-log");
  await expect(page.getByText("created the key ci-smoke").last()).toBeVisible();
});

test("a key changed in another window is not rotated before its change is shown", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  await page.goto(projectPage(customer));
  await (
    await database()
  )
    .collection("keys")
    .updateOne(
      { accountId: customer.accountId },
      { $set: { "secrets.0.preview": "sk-onekey-AbCd…wxyz" } },
    );
  await rotate(page, "Immediately");
  await expect(page.getByRole("dialog")).toContainText("changed meanwhile");
  await client(customer.key).chat.completions.create(hello);
});

test("the pages of limits, management keys and the audit log read at every width in both themes", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn({ credits: "20" });
  await page.goto("/dashboard/settings/limits");
  await page.getByLabel("Credits a day").fill("5");
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  for (const path of [
    "/dashboard/settings",
    "/dashboard/settings/limits",
    "/dashboard/settings/management-keys",
    "/dashboard/settings/audit-log",
    `${projectPage(customer)}/keys/new`,
  ])
    await checkEverywhere(page, path);
});
