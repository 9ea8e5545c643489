import { CASES } from "@/sandbox/providers/model-cases";
import { resendAction, signInOperator, PAGE, panel, pressForRequest } from "./operator";
import {
  checkEverywhere,
  createCustomer,
  database,
  expect,
  onekey,
  signIn,
  deployment,
  test,
} from "./fixtures";

test("the operator checks the catalog and applies what is certain with one click", async ({
  page,
}) => {
  const { token } = await signInOperator(page);
  await page.goto(PAGE);
  const catalog = panel(page, "Catalog");
  const check = () => catalog.getByRole("button", { name: "Check now" }).click();
  const request = await pressForRequest(page, check, catalog.getByText(CASES.fresh));
  for (const model of [CASES.gone, CASES.ending.id, CASES.price.id])
    await expect(catalog.getByRole("row").filter({ hasText: model })).toHaveCount(1);
  await expect(catalog.getByText("4 differences")).toBeVisible();

  const checks = (await database()).collection("catalogChecks");
  const before = await checks.countDocuments({});
  for (const resend of [{ token: null }, { token, origin: "https://elsewhere.example" }])
    expect((await resendAction(request, resend)).status).not.toBe(200);
  expect(await checks.countDocuments({})).toBe(before);

  await catalog
    .getByRole("button", { name: "Apply the retirement date that its provider states" })
    .click();
  await expect(catalog.getByRole("button", { name: /Apply/ })).toHaveCount(0);
  await expect(catalog.getByText(/Version .*\+1 is in force/)).toBeVisible();
  await page.goto(`/models/${CASES.ending.id}`);
  await expect(page.getByText(/This model ends on 30 Jun 2027/)).toBeVisible();
  const catalogState = (await onekey("catalog", "show")) as { versions: { note: string }[] };
  expect(catalogState.versions).toMatchObject([{ note: "Ends that providers state." }]);
  await checkEverywhere(page, PAGE);
});

test("the model pages show when a model ends, and the changes are a page and a feed", async ({
  page,
}) => {
  await page.goto("/models?kind=embedding&q=gemini-embedding-001");
  await expect(
    page.getByRole("row").filter({ hasText: "gemini-embedding-001" }).first(),
  ).toContainText("ends 14 May 2028");
  await page.goto("/models/gpt-image-1");
  await expect(page.getByText("It ended on 23 Oct 2026.")).toBeVisible();
  await page.getByRole("link", { name: "gpt-image-2.5-sunburst" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("GPT Image 2.5 Sunburst");
  await checkEverywhere(page, "/models/changes");
  await expect(page.getByRole("table").first()).toContainText(
    "Gemini Embedding 001 ends. Send gemini-embedding-2 instead.",
  );
  const feed = await fetch(`${deployment.origin}/models/changes.xml`);
  expect(feed.headers.get("content-type")).toContain("application/atom+xml");
  expect(await feed.text()).toContain(
    "<summary>Gemini Embedding 001 ends. Send gemini-embedding-2 instead.</summary>",
  );
});

test("a price guard is set and removed with the limits; a notice is dismissed for good", async ({
  page,
}) => {
  const customer = await createCustomer({ credits: "5" });
  await signIn(page, customer);
  const notices = (await database()).collection<{ _id: string }>("catalogNotices");
  await notices.insertOne({
    _id: `${customer.accountId}/retires/gpt-4o/2027-01-14`,
    accountId: customer.accountId,
    kind: "retires",
    model: "gpt-4o",

    on: "2027-01-14",
    text: "GPT-4o ends on 14 Jan 2027.",
    at: new Date(),
    mailedAt: null,
    dismissedAt: null,
  } as { _id: string });
  await page.goto("/dashboard");
  await expect(page.getByText("GPT-4o ends on 14 Jan 2027.")).toBeVisible();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByText("GPT-4o ends on 14 Jan 2027.")).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("GPT-4o ends on 14 Jan 2027.")).toHaveCount(0);

  const project = `/dashboard/projects/${customer.project}`;
  await page.goto(`${project}/limits`);
  await page.getByRole("checkbox", { name: "Price guard" }).check();
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page).toHaveURL(`${deployment.origin}${project}`);
  await expect(page.getByText(/Prices of \d/)).toBeVisible();
  const overlays = await (
    await database()
  )
    .collection<{ _id: string }>("accounts")
    .findOne({ _id: customer.accountId });
  expect(overlays).toMatchObject({ projects: [{ priceGuard: { at: expect.any(Number) } }] });
  await page.goto(`${project}/limits`);
  await page.getByRole("checkbox", { name: "Price guard" }).uncheck();
  await page.getByRole("button", { name: "Save limits" }).click();
  await expect(page).toHaveURL(`${deployment.origin}${project}`);
  await expect(page.getByText("Off", { exact: true })).toBeVisible();
});
