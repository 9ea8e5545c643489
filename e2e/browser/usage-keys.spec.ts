import { deployment, expect, test } from "./fixtures";

const chat = (key: string) =>
  fetch(`${deployment.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-6-luna", messages: [{ role: "user", content: "Hello" }] }),
  });

test("usage is filtered by key, by its name, and another filter keeps the key", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  await page.goto(`/dashboard/projects/${customer.project}/keys/new`);
  await page.getByLabel("Name").fill("batch");
  await page.getByRole("button", { name: "Create key" }).click();
  const shownKey = page.getByRole("alertdialog").getByLabel("API key");
  const key = (await shownKey.textContent()) ?? "";
  for (const secret of [customer.key, key, key]) expect((await chat(secret)).status).toBe(200);

  await page.goto("/dashboard/usage?by=key");
  await expect(async () => {
    await page.reload();
    await expect(page.getByText("3 in this range")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  for (const name of ["default", "batch"])
    await expect(page.getByRole("cell", { name: `First project / ${name}` }).first()).toBeVisible();
  const filter = page.getByLabel("Key", { exact: true });
  await page.getByText("Filter", { exact: true }).click();
  await filter.selectOption({ label: "First project / batch" });
  await expect(page.getByText("2 in this range")).toBeVisible();
  await expect(page.getByRole("cell", { name: "First project / default" })).toHaveCount(0);
  await page.getByLabel("Ended").selectOption({ label: "complete" });
  await expect(page).toHaveURL(/[?&]ended=complete/);
  await expect(page).toHaveURL(/[?&]key=key_/);
  await expect(page.getByText("2 in this range")).toBeVisible();
  await page.getByText("Export", { exact: true }).click();
  await expect(page.getByRole("link", { name: /^CSV/ })).toHaveAttribute("href", /[?&]key=key_/);

  await page.goto(`/dashboard/projects/${customer.project}`);
  await page.getByRole("button", { name: "Actions for default" }).click();
  await page.getByRole("menuitem", { name: "Usage of this key" }).click();
  await expect(page.getByText("1 in this range")).toBeVisible();
  await expect(filter.locator("option:checked")).toHaveText("First project / default");
});
