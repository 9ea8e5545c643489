import type { APIRequestContext, Page } from "@playwright/test";
import OpenAI from "openai";
import { checkEverywhere, deployment, expect, test } from "./fixtures";

const PAGE = "/dashboard/settings/management-keys";
const hello = { model: "gpt-6-luna", messages: [{ role: "user" as const, content: "Hello" }] };
const client = (apiKey: string) =>
  new OpenAI({ apiKey, baseURL: `${deployment.origin}/v1`, maxRetries: 0 });

async function shownKey(page: Page): Promise<string> {
  const key = await page.getByRole("alertdialog").getByLabel("API key").textContent();
  expect(key).toMatch(/^sk-onekey-mgmt-\w{49}$/);
  return key ?? "";
}

async function createKey(page: Page, name: string): Promise<string> {
  await page.goto(PAGE);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel(/^Read:/).check();
  await page.getByLabel(/^Keys:/).check();
  await page.getByRole("button", { name: "Create key" }).click();
  return shownKey(page);
}

async function acknowledge(page: Page): Promise<void> {
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("I have stored the key somewhere safe").check();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
}

/** The status of a list of projects that a management key asks for. */
async function statusWith(request: APIRequestContext, key: string): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  return (await request.get(`${deployment.origin}/v1/manage/projects`, { headers })).status();
}

test("a management key is shown once and manages, but calls no model", async ({
  page,
  request,
  signedIn,
}) => {
  const customer = await signedIn();
  const key = await createKey(page, "deploy-bot");
  const headers = { authorization: `Bearer ${key}` };
  const projects = await request.get(`${deployment.origin}/v1/manage/projects`, { headers });
  expect(projects.status()).toBe(200);
  expect(JSON.stringify(await projects.json())).toContain(customer.project);
  const response = await request.post(
    `${deployment.origin}/v1/manage/projects/${customer.project}/keys`,
    { headers, data: { name: "made-by-program" } },
  );
  expect(response.status()).toBe(201);
  const { secret } = (await response.json()) as { secret: string };
  await client(secret).chat.completions.create(hello);
  await expect(client(key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 403,
  });
  expect(await statusWith(request, customer.key)).toBe(403);
});

test("a rotated management key manages with both secrets until it is revoked", async ({
  page,
  request,
  signedIn,
}) => {
  await signedIn();
  const oldKey = await createKey(page, "terraform");
  await acknowledge(page);
  const rotate = async (overlap: string) => {
    await page.getByRole("button", { name: "Rotate terraform" }).click();
    const choice = page.getByRole("dialog");
    await expect(choice.getByRole("button", { name: "Cancel" })).toBeFocused();
    await choice.getByLabel(overlap).check();
    await choice.getByRole("button", { name: /^Rotate/ }).click();
    const key = await shownKey(page);
    await acknowledge(page);
    return key;
  };
  const key = await rotate("24 hours");
  expect(key).not.toBe(oldKey);
  for (const secret of [oldKey, key]) expect(await statusWith(request, secret)).toBe(200);
  await expect(page.getByText(/works until .* UTC/)).toBeVisible();
  await checkEverywhere(page, PAGE);

  const lastKey = await rotate("Immediately");
  await expect(page.getByText(/works until .* UTC/)).toBeHidden();
  for (const secret of [oldKey, key]) expect(await statusWith(request, secret)).toBe(401);
  expect(await statusWith(request, lastKey)).toBe(200);

  await page.getByRole("button", { name: "Actions for terraform" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText("No management keys yet.")).toBeVisible();
  expect(await statusWith(request, lastKey)).toBe(401);
  await page.goto("/dashboard/settings/audit-log");
  for (const entry of ["created", "rotated", "revoked"])
    await expect(page.getByText(`${entry} the management key terraform`).last()).toBeVisible();
});
