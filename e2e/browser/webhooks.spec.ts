import type { Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { startReceiver, withStatus } from "@/lib/webhooks/testing/receiver";
import { checkEverywhere, createCustomer, database, expect, signIn, test } from "./fixtures";

const PAGE = "/dashboard/settings/webhooks";

test("an endpoint is added, tested, sent to, rotated and deleted; the secret is shown once", async ({
  page,
  signedIn,
}) => {
  const { accountId } = await signedIn();
  const receiver = await startReceiver();
  const verify = (secret: string) => {
    const { body, headers } = receiver.events.at(-1) ?? { body: "", headers: {} };
    return new Webhook(secret).verify(body, headers);
  };
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("URL").fill("http://10.0.0.12/hook");
  await dialog.getByRole("button", { name: "Add endpoint" }).click();
  await expect(dialog.getByText("10.0.0.12 is not a public address")).toBeVisible();
  await dialog.getByLabel("URL").fill(receiver.url);
  await dialog.getByRole("button", { name: "Add endpoint" }).click();
  await expect(dialog.getByText("Choose at least one event")).toBeVisible();
  await expect(dialog.getByLabel("URL")).toHaveValue(receiver.url);
  for (const event of ["key.created", "key.revoked"])
    await dialog.getByRole("checkbox", { name: event }).check();
  await dialog.getByRole("button", { name: "Add endpoint" }).click();
  const secret = await revealedSecret(page);

  await expect(page.getByText("1 of 10")).toBeVisible();
  await page.getByRole("button", { name: "Send test" }).click();
  await expect(page.getByText("Test delivered.")).toBeVisible();
  expect(verify(secret)).toMatchObject({ type: "test.ping", account: accountId });
  expect(await page.content()).not.toContain(secret);

  // A key that is created elsewhere arrives by the delivery job.
  const project = await page.request.get("/dashboard/projects");
  const projectId = /prj_\w+/.exec(await project.text())?.[0] ?? "";
  await page.goto(`/dashboard/projects/${projectId}/keys/new`);
  await page.getByLabel("Name").fill("crawler");
  await page.getByRole("button", { name: "Create key" }).click();
  await expect.poll(() => receiver.events.length, { timeout: 60_000 }).toBe(2);
  expect(verify(secret)).toMatchObject({
    type: "key.created",
    data: { key: { name: "crawler", project: projectId } },
  });

  receiver.respondWith(withStatus(503));
  await page.goto(PAGE);
  await page.getByRole("link", { name: /^key\.created/ }).click();
  await expect(page.getByRole("list", { name: "Attempts" })).toContainText("204 No Content");
  await expect(page.getByText('"name": "crawler"')).toBeVisible();
  await page.getByRole("button", { name: "Send again now" }).click();
  await expect(page.getByText("503 Service Unavailable").first()).toBeVisible();
  const ids = receiver.events.slice(1).map(({ headers }) => headers["webhook-id"]);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
  await expect(page.getByRole("list", { name: "Attempts" })).toContainText("503");

  receiver.respondWith(withStatus(200));
  await page.getByRole("button", { name: "Rotate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Rotate secret" }).click();
  const newSecret = await revealedSecret(page);
  expect(newSecret).not.toBe(secret);
  await expect(page.getByText(/Both secrets sign until/)).toBeVisible();
  await page.getByRole("button", { name: "Send test" }).click();
  await expect(page.getByText("Test delivered.")).toBeVisible();
  for (const key of [secret, newSecret]) expect(verify(key)).toMatchObject({ type: "test.ping" });

  await checkEverywhere(page, PAGE);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete endpoint" }).click();
  await expect(page.getByText("No endpoints yet")).toBeVisible();
  const entries = await (
    await database()
  )
    .collection("audit_log")
    .find({ accountId })
    .sort({ at: 1 })
    .toArray();
  expect(
    entries.map(({ type }) => String(type)).filter((type) => type.startsWith("webhook.")),
  ).toEqual(["webhook.created", "webhook.secret_rotated", "webhook.deleted"]);
  await receiver.close();
});

test("another account's endpoint and delivery are neither shown nor found", async ({
  page,
  signedIn,
  browser,
}) => {
  const owner = await signedIn();
  const receiver = await startReceiver();
  await addEndpoint(page, receiver.url);
  await page.getByRole("button", { name: "Send test" }).click();
  await expect(page.getByText("Test delivered.")).toBeVisible();
  const db = await database();
  const { accountId } = owner;
  const delivery = await db.collection("webhook_deliveries").findOne({ accountId });
  const endpoint = await db.collection("webhook_endpoints").findOne({ accountId });
  // Nothing that signs is stored: the secret is derived.
  expect(JSON.stringify(endpoint)).not.toContain("whsec_");

  const context = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const otherPage = await context.newPage();
  await signIn(otherPage, await createCustomer());
  await otherPage.goto(`${PAGE}?open=${delivery?._id}&panel=${endpoint?._id}`);
  await expect(otherPage.getByText("No endpoints yet")).toBeVisible();
  expect(await otherPage.content()).not.toContain(receiver.url);
  await context.close();
  await receiver.close();
});

async function addEndpoint(page: Page, url: string): Promise<void> {
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Add endpoint" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("URL").fill(url);
  await dialog.getByRole("checkbox", { name: "balance.low" }).check();
  await dialog.getByRole("button", { name: "Add endpoint" }).click();
  await revealedSecret(page);
}

/** The secret in the dialog that shows it, which it then closes. */
async function revealedSecret(page: Page): Promise<string> {
  const secret = await page.getByLabel("Signing secret", { exact: true }).textContent();
  await page.getByRole("checkbox", { name: "I have stored the secret" }).check();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByLabel("Signing secret", { exact: true })).toHaveCount(0);
  return secret ?? "";
}
