import { execFile } from "node:child_process";
import { promisify } from "node:util";
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

const run = promisify(execFile);

/** An account as sign-up leaves it: one project, and no key. */
async function newcomer(page: Page): Promise<Customer> {
  const customer = await createCustomer();
  const db = await database();
  await db.collection("keys").deleteMany({ accountId: customer.accountId });
  await db
    .collection<{ _id: string }>("accounts")
    .updateOne({ _id: customer.accountId }, { $unset: { keys: "" } });
  await signIn(page, customer);
  return customer;
}

test("a newcomer creates a key, runs the copied command, and the row arrives on the open page", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: deployment.origin,
  });
  await newcomer(page);
  await page.goto("/dashboard");
  const main = page.getByRole("main");
  // The one primary action.
  await expect(main.getByRole("button")).toHaveText(["Create key"]);
  await expect(main).toContainText("20 requests are free");
  await main.getByRole("button", { name: "Create key" }).press("Enter");

  const dialog = page.getByRole("alertdialog");
  const doneButton = dialog.getByRole("button", { name: "Done" });
  await expect(doneButton).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("status")).toHaveText("Waiting for your first request…");
  await checkPage(page, "the key with its commands");

  const key = (await dialog.getByLabel("API key").textContent()) ?? "";
  const tabs = dialog.getByRole("tab");
  await expect(tabs).toHaveText(["curl", "TypeScript", "Python", "Claude Code"]);
  const readClipboard = () => page.evaluate(() => navigator.clipboard.readText());
  for (const name of ["Claude Code", "Python", "TypeScript", "curl"]) {
    await dialog.getByRole("tab", { name }).click();
    await dialog.getByRole("button", { name: "Copy code" }).click();
    await expect.poll(readClipboard).toContain(key);
    expect(await readClipboard()).not.toContain("…");
    await expect(dialog.getByRole("button", { name: "Copy code" })).toBeVisible();
  }

  const { stdout } = await run("bash", ["-c", await readClipboard()]);
  expect(JSON.parse(stdout)).toMatchObject({ object: "chat.completion" });
  await expect(dialog.getByRole("status")).toHaveText(/First request: \$0\.0000\d+, free/);
  await doneButton.click();
  await expect(page.getByRole("heading", { name: "Your first request is through" })).toBeVisible();
  await expect(main).toContainText("19 free requests are left");
  await expect(page.getByRole("table").getByRole("link")).toHaveCount(1);
  expect(await page.content()).not.toContain(key);
});

test("a command without its key says so and sends nothing; a request that fails keeps the page waiting", async ({
  page,
  context,
  signedIn,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], {
    origin: deployment.origin,
  });
  const customer = await signedIn();
  await page.goto("/dashboard");
  const main = page.getByRole("main");
  await expect(main.getByRole("status")).toHaveText("Waiting for your first request…");
  await main.getByRole("button", { name: "Copy code" }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  await expect(
    run("bash", ["-c", command], { env: { PATH: process.env.PATH, NODE_ENV: "test" } }),
  ).rejects.toMatchObject({
    stderr: expect.stringContaining("ONEKEY_API_KEY: Set it to your key"),
  });

  const client = new OpenAI({
    apiKey: customer.key,
    baseURL: `${deployment.origin}/v1`,
    maxRetries: 0,
  });
  const ask = (content: string) =>
    client.chat.completions.create({ model: "gpt-6-luna", messages: [{ role: "user", content }] });
  await expect(ask('[[sandbox: {"status":400}]]')).rejects.toThrow();
  await expect(main.getByRole("status")).toContainText("failed (400) and was not charged");
  await ask("Hello");
  await expect(page.getByRole("heading", { name: "Your first request is through" })).toBeVisible();

  // What a project's page copies holds no preview of a key either.
  await page.goto(`/dashboard/projects/${customer.project}`);
  const tabs = page.getByRole("tablist", { name: "Snippets" }).getByRole("tab");
  for (const tab of await tabs.all()) {
    await tab.click();
    await page.getByRole("button", { name: "Copy code" }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .not.toMatch(/sk-onekey-/);
  }
});

test("the first session reads at every width in both themes, before and after the first request", async ({
  page,
}) => {
  const customer = await newcomer(page);
  await checkEverywhere(page, "/dashboard");
  const row = {
    _id: `req_first${customer.accountId.slice(4)}`,
    accountId: customer.accountId,
    projectId: customer.project,
    at: new Date(),
    model: "claude-haiku-5-5",
    provider: "anthropic",
    channel: "anthropic-1",
    endpoint: "chat.completions",
    stream: false,
    status: 200,
    endedBy: "complete",
    tokens: { input: 10, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 10, reasoning: 0 },
    cost: 6_000,
    free: true,
    latencyMs: 700,
    firstByteMs: 300,
    usageSource: "provider",
  };
  await (await database()).collection<{ _id: string }>("usage").insertOne(row);
  await checkEverywhere(page, "/dashboard");
  await expect(page.getByRole("main")).toContainText("=$0.000006");
});

test("the stream of rows is for the signed-in account only, and ends with its session", async ({
  page,
  signedIn,
}) => {
  expect((await fetch(`${deployment.origin}/api/arrivals?since=0`)).status).toBe(401);
  const customer = await signedIn();
  const otherCustomer = await createCustomer();
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`)[0];
  const headers = { cookie: cookie ?? "" };
  expect((await fetch(`${deployment.origin}/api/arrivals?since=x`, { headers })).status).toBe(400);
  const response = await fetch(`${deployment.origin}/api/arrivals?since=${Date.now() - 1_000}`, {
    headers,
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const ask = (apiKey: string) =>
    new OpenAI({ apiKey, baseURL: `${deployment.origin}/v1` }).chat.completions.create({
      model: "gpt-6-luna",
      messages: [{ role: "user", content: "Hello" }],
    });
  await ask(otherCustomer.key);
  await ask(customer.key);
  // It ends after the first success, which is not the other account's.
  const events = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(
    ([, data]) => JSON.parse(data ?? "") as { model: string; free: boolean },
  );
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ model: "gpt-6-luna", free: true });
});
