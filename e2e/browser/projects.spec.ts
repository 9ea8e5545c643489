import type { Page } from "@playwright/test";
import OpenAI from "openai";
import {
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  expect,
  signIn,
  deployment,
  test,
  type Customer,
} from "./fixtures";

const hello = { model: "gpt-6-luna", messages: [{ role: "user" as const, content: "Hello" }] };
const client = (apiKey: string) =>
  new OpenAI({ apiKey, baseURL: `${deployment.origin}/v1`, maxRetries: 0 });
const projectPage = ({ project }: Pick<Customer, "project">) => `/dashboard/projects/${project}`;

/** The account as the database has it, without what reading a page may change. */
async function readAccount({ accountId }: Customer) {
  return (await database()).collection<{ _id: string }>("accounts").findOne({ _id: accountId });
}

async function shownKey(page: Page): Promise<string> {
  const key = await page.getByRole("alertdialog").getByLabel("API key").textContent();
  expect(key).toMatch(/^sk-onekey-\w{49}$/);
  return key ?? "";
}

test("a project's key is shown once with a command, and its first request arrives", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: deployment.origin,
  });
  const customer = await createCustomer();
  await signIn(page, customer);
  await page.goto("/dashboard/projects");
  await page.getByRole("link", { name: "New project" }).click();
  await page.getByLabel("Name").fill("support-bot");
  await page.getByRole("button", { name: "Create project" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("support-bot");
  await expect(page).toHaveURL(/\/dashboard\/projects\/prj_\w+$/);

  await page.getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("alertdialog");
  const doneButton = dialog.getByRole("button", { name: "Done" });
  await expect(doneButton).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  const key = await shownKey(page);
  await checkPage(page, "the key, shown");
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await dialog.getByRole("button", { name: "Copy code" }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toContain(`export ONEKEY_API_KEY="${key}"`);
  expect(command).toContain(`curl ${deployment.origin}/v1/chat/completions`);
  // A request with another key of the account is not the one that the dialog waits for.
  await client(customer.key).chat.completions.create(hello);
  await expect(dialog.getByRole("status")).toHaveText("Waiting for your first request…");
  const response = await client(key).chat.completions.create(hello);
  expect(response.choices[0]?.message.content).toBeTruthy();
  await expect(dialog.getByRole("status")).toHaveText(/First request: \$0\.0\d+, free/);
  await doneButton.click();
  await expect(dialog).toBeHidden();

  await page.reload();
  expect(await page.content()).not.toContain(key);
  expect(JSON.stringify(await readAccount(customer))).not.toContain(key);
  await expect(
    page.getByText(`${key.slice(0, 14)}…${key.slice(-4)}`, { exact: true }).first(),
  ).toBeVisible();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("not used yet").last()).toBeHidden({ timeout: 500 });
  }).toPass();
  await page.getByRole("link", { name: "Usage", exact: true }).last().click();
  await expect(page.getByRole("table").getByText("gpt-6-luna").first()).toBeVisible();
});

test("a name: markup is inert, too long is said and kept, and a new one is saved", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  await page.goto(projectPage(customer));
  const name = page.getByLabel("Name");
  await name.fill("x".repeat(61));
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("A name has at most 60 characters.")).toBeVisible();
  await expect(name).toHaveValue("x".repeat(61));
  const markup = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  await name.fill(markup);
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(markup);
  await expect(page.locator("img")).toHaveCount(0);
  await page.goto("/dashboard/projects");
  await page.getByRole("link", { name: markup }).click();
  await expect(page).toHaveTitle(`${markup} · OneKey`);
  await name.fill("W".repeat(60));
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("W".repeat(60));
  await checkEverywhere(page, projectPage(customer));
  await checkEverywhere(page, "/dashboard/projects");
});

test("deleting a project states its consequence; after the last one the page says what to do", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  await page.goto(projectPage(customer));
  await page.getByRole("button", { name: "Delete project" }).click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText(
    "Its key is refused from the moment you press Delete project",
  );
  await question.getByRole("button", { name: "Delete project" }).click();
  await expect(page).toHaveURL(`${deployment.origin}/dashboard/projects`);
  await expect(page.getByRole("heading", { name: "No projects" })).toBeVisible();
  await expect(client(customer.key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 401,
  });
  await checkEverywhere(page, "/dashboard/projects");
});

test("the pages read at every width in both themes", async ({ page, signedIn }) => {
  const customer = await signedIn({ credits: "20" });
  for (const url of ["/dashboard/projects", "/dashboard/projects/new", projectPage(customer)])
    await checkEverywhere(page, url);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a project is made, its key shown once, and revoked", async ({ page, signedIn }) => {
    await signedIn();
    await page.goto("/dashboard/projects/new");
    await page.getByLabel("Name").fill("   ");
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(page.getByText("Give the project a name.")).toBeVisible();
    await page.getByLabel("Name").fill("no scripts");
    await page.getByRole("button", { name: "Create project" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("no scripts");
    await page.getByRole("button", { name: "Create key" }).click();
    const key =
      /sk-onekey-\w{49}/.exec(await page.getByText("It is shown once:").innerText())?.[0] ?? "";
    await client(key).chat.completions.create(hello);
    await page.goto(page.url());
    expect(await page.content()).not.toContain(key);
    await page.locator("summary", { hasText: "Revoke" }).click();
    await expect(
      page.getByText("are refused from the moment you press Revoke").first(),
    ).toBeVisible();
    await page.locator("details").getByRole("button", { name: "Revoke key" }).click();
    await expect(page.getByRole("button", { name: "Create key" })).toBeVisible();
    await expect(client(key).chat.completions.create(hello)).rejects.toMatchObject({ status: 401 });
  });
});
