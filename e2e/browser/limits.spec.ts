import OpenAI from "openai";
import { checkEverywhere, database, expect, deployment, test } from "./fixtures";

const hello = { model: "gpt-6-luna", messages: [{ role: "user" as const, content: "Hello" }] };
const client = (apiKey: string) =>
  new OpenAI({ apiKey, baseURL: `${deployment.origin}/v1`, maxRetries: 0 });

test("saved limits hold from the next request on, and the form shows them", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn({ credits: "5" });
  const project = `/dashboard/projects/${customer.project}`;
  await page.goto(project);
  await page.getByRole("link", { name: "Edit limits" }).click();
  await page.getByLabel("Credits a month").fill("1,075.50");
  await page.getByLabel("Requests a minute").fill("120");
  await page.getByLabel("Client addresses").fill("203.0.113.0/24\n127.0.0.1, 2001:db8::1");
  await page.getByLabel("Websites").fill("https://App.example.com/\nhttp://localhost:3000");
  await page.getByText("OpenAI", { exact: false }).first().click();
  await page.getByRole("checkbox", { name: "gpt-6-luna", exact: false }).first().check();
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The limits are saved" })).toBeVisible();
  await expect(page).toHaveURL(`${deployment.origin}${project}`);
  await expect(page.getByText("$0.00 of $1,075.50")).toBeVisible();
  await expect(page.getByText("0 of 120")).toBeVisible();
  await expect(
    page.getByText("203.0.113.0/24, 127.0.0.1/32, 2001:db8:0:0:0:0:0:1/128"),
  ).toBeVisible();

  await expect(page.getByText("https://app.example.com, http://localhost:3000")).toBeVisible();

  await client(customer.key).chat.completions.create(hello);
  await expect(
    client(customer.key).chat.completions.create({ ...hello, model: "gpt-6-sol" }),
  ).rejects.toMatchObject({
    status: 403,
  });

  await page.goto(`${project}/limits`);
  await expect(page.getByLabel("Credits a month")).toHaveValue("1,075.50");
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(1);
  await page.getByLabel("Client addresses").fill("203.0.113.0/24");
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page).toHaveURL(`${deployment.origin}${project}`);
  await expect(client(customer.key).chat.completions.create(hello)).rejects.toMatchObject({
    status: 403,
  });

  await page.goto(`${project}/limits`);
  for (const label of ["Credits a month", "Requests a minute", "Client addresses", "Websites"])
    await page.getByLabel(label).fill("");
  await page.getByRole("checkbox", { checked: true }).uncheck();
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page.getByText("$0.00, no limit")).toBeVisible();
  const account = await (
    await database()
  )
    .collection<{ _id: string }>("accounts")
    .findOne({ _id: customer.accountId });
  const projectRecord = (account as unknown as { projects: Record<string, unknown>[] }).projects[0];
  expect(Object.keys(projectRecord ?? {}).toSorted()).toEqual([
    "createdAt",
    "id",
    "limits",
    "name",
  ]);
  expect(projectRecord?.limits).toEqual({});
  await client(customer.key).chat.completions.create({ ...hello, model: "gpt-6-sol" });
});

for (const [label, input, notice] of [
  ["Credits a month", "75,5", "Enter an amount such as 75.00"],
  ["Credits a month", "-1", "Enter an amount such as 75.00"],
  ["Credits a month", "99999999999999999999", "Enter an amount such as 75.00"],
  ["Requests a minute", "0", "from 1 to 1,000,000"],
  ["Requests a minute", "1e3", "Enter a number of requests"],
  ["Client addresses", "example.com", '"example.com" is not an address'],
  ["Websites", "example.com", '"example.com" is not an origin'],
  ["Client addresses", "10.0.0.0/33", '"10.0.0.0/33" is not an address'],
] as const) {
  test(`${label}: ${input} is refused in the form, and nothing is lost`, async ({
    page,
    signedIn,
  }) => {
    const customer = await signedIn();
    await page.goto(`/dashboard/projects/${customer.project}/limits`);
    await page.getByLabel("Requests a minute").fill("30");
    await page.getByText("xAI", { exact: false }).first().click();
    await page.getByRole("checkbox", { name: "grok-4.7", exact: false }).check();
    await page.getByLabel(label).fill(input);
    await page.getByRole("button", { name: "Save limits" }).click();
    await expect(page.getByRole("alert").filter({ hasText: notice })).toBeVisible();
    await expect(page.getByLabel(label)).toHaveValue(input);
    await expect(page.getByLabel(label)).toBeFocused();
    await expect(page.getByRole("checkbox", { name: "grok-4.7", exact: false })).toBeChecked();
    const account = await (
      await database()
    )
      .collection<{ _id: string }>("accounts")
      .findOne({ _id: customer.accountId });
    expect((account as unknown as { projects: { limits: unknown }[] }).projects[0]?.limits).toEqual(
      {},
    );
  });
}

test("every invalid field is named together", async ({ page, signedIn }) => {
  const customer = await signedIn();
  await page.goto(`/dashboard/projects/${customer.project}/limits`);
  await page.getByLabel("Credits a month").fill("-3");
  await page.getByLabel("Requests a minute").fill("banana");
  await page.getByRole("button", { name: "Save limits" }).click();
  for (const notice of ["Enter an amount such as 75.00", "Enter a number of requests"])
    await expect(page.getByRole("alert").filter({ hasText: notice })).toBeVisible();
  // An error goes when its field is edited; the other one stays.
  const amount = page.getByLabel("Credits a month");
  await amount.fill("3");
  await expect(amount).not.toHaveAttribute("aria-invalid");
  await expect(page.getByRole("alert").filter({ hasText: "an amount such as" })).toHaveCount(0);
  await expect(page.getByLabel("Requests a minute")).toHaveAttribute("aria-invalid", "true");
  // The same mistake again is the same error again.
  await amount.fill("-3");
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(amount).toHaveAttribute("aria-invalid", "true");
});

test("models are searched and selected by the group with the keyboard only", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  await page.goto(`/dashboard/projects/${customer.project}/limits`);
  const search = page.getByRole("searchbox", { name: "Search models" });
  await search.focus();
  await page.keyboard.type("haiku");
  await expect(page.getByRole("checkbox", { name: /haiku/i }).first()).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /gpt/i })).toHaveCount(0);
  // Enter in the search does not send the form.
  await page.keyboard.press("Enter");
  await expect(search).toHaveValue("haiku");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(
    page.getByRole("button", { name: "Select all found Anthropic models" }),
  ).toBeFocused();
  await page.keyboard.press("Enter");
  const haikuCount = await page.getByRole("checkbox", { name: /haiku/i }).count();
  await expect(page.getByRole("checkbox", { checked: true })).toHaveCount(haikuCount);
  await expect(page.getByText(`${haikuCount} found, ${haikuCount} selected`)).toBeVisible();
  await search.press("Escape");
  await expect(search).toHaveValue("");
  await expect(page.getByText(`${haikuCount} selected`, { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Select none of the Anthropic models" }).press("Enter");
  await expect(page.getByText("none selected")).toBeVisible();
});

test("the form reads at every width in both themes", async ({ page, signedIn }) => {
  const customer = await signedIn();
  await checkEverywhere(page, `/dashboard/projects/${customer.project}/limits`);
});

test("an alert about limits is switched off and on again, each in the audit log", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn();
  const accounts = (await database()).collection<{ _id: string; mutedAlerts?: string[] }>(
    "accounts",
  );
  const mutedAlerts = async () =>
    (await accounts.findOne({ _id: customer.accountId }))?.mutedAlerts ?? [];
  await page.goto("/dashboard/settings/limits");
  const spike = page.getByLabel("Spike");
  await expect(spike).toBeChecked();
  await spike.press("Space");
  await expect(spike).not.toBeChecked();
  await expect.poll(mutedAlerts).toEqual(["spike"]);
  await expect(spike).toBeFocused();
  await page.reload();
  await expect(spike).not.toBeChecked();
  await expect(page.getByLabel("At 50, 80 and 100%")).toBeChecked();
  await spike.click();
  await expect.poll(mutedAlerts).toEqual([]);
  await expect(spike).toBeChecked();
  await page.goto("/dashboard/settings/audit-log");
  await expect(page.getByText("switched the alerts").last()).toBeVisible();
});
