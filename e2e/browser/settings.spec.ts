import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import {
  auditProblems,
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  expect,
  onekey,
  signIn,
  deployment,
  test,
  type Customer,
} from "./fixtures";
import { givePast, takePast } from "./usage-rows";

const panel = (page: Page, name: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) });
const accountOf = async ({ accountId }: Customer) =>
  (await database())
    .collection<{ _id: string; name: string; credits: number }>("accounts")
    .findOne({ _id: accountId });
const problemsOf = async ({ accountId }: Customer) =>
  (await auditProblems()).filter((problem) => problem.startsWith(accountId));
const chat = (key: string, content: string, stream = false) =>
  fetch(`${deployment.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "claude-haiku-5-5",
      stream,
      messages: [{ role: "user", content }],
    }),
  });

test("The page and the delete dialog read at every width in both themes", async ({
  page,
  signedIn,
}) => {
  await signedIn({ credits: "12.5" });
  await checkEverywhere(page, "/dashboard/settings");
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto("/dashboard/settings");
    await page.getByRole("button", { name: "Delete account" }).click();
    await expect(page.getByRole("button", { name: "Keep account" })).toBeFocused();
    await checkPage(page, `delete dialog ${width}`);
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a name is saved, an invalid one reported; extra fields change nothing", async ({
  page,
  signedIn,
}) => {
  const me = await signedIn();
  await page.goto("/dashboard/settings");
  const profile = panel(page, "Profile");
  const name = profile.getByLabel("Name");
  await name.fill("  Mira <b>Ünal</b> ");
  await profile
    .locator("form, :scope")
    .first()
    .evaluate((section) => {
      const form = section.closest("form");
      for (const [field, value] of Object.entries({
        credits: "1000000000000",
        freeRequests: "999",
        "free.requests": "999",
        accountId: "usr_someone",
        _id: "usr_someone",
        email: "else@example.com",
      })) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name: field, value });
        form?.append(input);
      }
    });
  const before = await accountOf(me);
  await profile.getByRole("button", { name: "Save" }).click();
  await expect(profile.getByText("Saved.")).toBeVisible();
  expect(await accountOf(me)).toEqual({ ...before, name: "Mira <b>Ünal</b>" });
  await page.reload();
  await expect(name).toHaveValue("Mira <b>Ünal</b>");

  await name.fill("x".repeat(101));
  await profile.getByRole("button", { name: "Save" }).click();
  await expect(profile.getByRole("alert")).toHaveText("A name has at most 100 characters.");
  await expect(name).toHaveValue("x".repeat(101));
  await expect(name).toHaveAttribute("aria-invalid", "true");
  expect((await accountOf(me))?.name).toBe("Mira <b>Ünal</b>");
});

test("The low-balance alert is set, refused for what is no amount, and taken off", async ({
  page,
  signedIn,
}) => {
  const me = await signedIn({ credits: "3" });
  await page.goto("/dashboard/settings");
  const low = panel(page, "Low balance");
  const save = low.getByRole("button", { name: "Save" });
  await low.getByRole("checkbox").check();
  for (const wrong of ["a lot", "0", "-5", "1e9", "20000"]) {
    await low.getByLabel("Amount").fill(wrong);
    await save.click();
    await expect(low.getByRole("alert")).toContainText("Enter an amount");
    await expect(low.getByLabel("Amount")).toHaveValue(wrong);
    await expect(low.getByRole("checkbox")).toBeChecked();
  }
  expect(await accountOf(me)).not.toHaveProperty("alert");
  await low.getByLabel("Amount").fill("$1,000.50");
  await save.click();
  await expect(low.getByText("Saved.")).toBeVisible();
  expect(await accountOf(me)).toMatchObject({
    alert: { threshold: 1_000_500_000_000, armed: false },
  });
  await page.reload();
  await expect(low.getByText("The balance is below this amount now.")).toBeVisible();
  await low.getByRole("checkbox").uncheck();
  await save.click();
  await expect(low.getByText("Saved. No email is sent.")).toBeVisible();
  expect(await accountOf(me)).not.toHaveProperty("alert");
});

test("one session is ended from another browser, and 'everywhere else' all but this one", async ({
  page,
  browser,
  signedIn,
}) => {
  const me = await signedIn();
  const context = await browser.newContext({ baseURL: deployment.origin });
  const elsewhere = await context.newPage();
  await signIn(elsewhere, me);
  await elsewhere.goto("/dashboard/settings");
  await expect(panel(elsewhere, "Sessions").locator("tbody tr")).toHaveCount(2);

  await page.goto("/dashboard/settings");
  const rows = panel(page, "Sessions").locator("tbody tr");
  await rows.filter({ hasNotText: "this browser" }).getByRole("button").click();
  await expect(rows).toHaveCount(1);
  await elsewhere.goto("/dashboard/usage");
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=/);

  await signIn(elsewhere, me);
  await page.reload();
  await expect(rows).toHaveCount(2);
  await page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("this browser");
  await elsewhere.goto("/dashboard");
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=/);
  expect(
    await (await database()).collection("sessions").countDocuments({ userId: me.accountId }),
  ).toBe(1);
  // The key is another matter.
  expect((await chat(me.key, "Hello")).status).toBe(200);
  await context.close();
});

test.describe("a session that is not one's own", () => {
  test.use({ allowedConsole: [/404 \(Not Found\)/] });
  test("Another account's session is as missing as one that never was, and stays open", async ({
    page,
    signedIn,
  }) => {
    const [me, otherCustomer] = [await signedIn(), await createCustomer()];
    const sessions = (await database()).collection<{ _id: string; userId: string }>("sessions");
    await sessions.insertOne({
      _id: "f".repeat(64),
      userId: otherCustomer.accountId,
      createdAt: new Date(),
      expires: new Date(Date.now() + 86_400_000),
      method: "email",
      userAgent: "",
    } as never);
    const responses: { status: number; body: string }[] = [];
    for (const sessionId of ["f".repeat(64), "0".repeat(64), ""]) {
      await page.goto("/dashboard/settings");
      const form = panel(page, "Sessions").locator("tbody form");
      await form.locator('input[name="sessionId"]').evaluate((input, value) => {
        (input as HTMLInputElement).value = value;
      }, sessionId);
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === "POST"),
        form.getByRole("button").click(),
      ]);
      await expect(
        page.getByRole("heading", { name: "There is nothing at this address" }),
      ).toBeVisible();
      responses.push({ status: answer.status(), body: await page.locator("body").innerText() });
    }
    expect(responses[0]?.status).toBe(404);
    for (const answer of responses) expect(answer).toEqual(responses[0]);
    expect(await sessions.countDocuments({ _id: "f".repeat(64) })).toBe(1);
    expect(await sessions.countDocuments({ userId: me.accountId })).toBe(1);
  });
});

test("Everything of the account, and of nobody else, is in its export, and no secret", async ({
  page,
  signedIn,
}) => {
  const otherCustomer = await createCustomer({ credits: "1" });
  const me = await signedIn({ credits: "2" });
  const past = await givePast(me, { count: 400, days: 80 });
  await page.goto("/dashboard/settings");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export everything" }).click(),
  ]);
  const text = await readFile(await file.path(), "utf8");
  const all = JSON.parse(text) as Record<string, unknown[]> & { account: Record<string, unknown> };
  expect(all.account).toMatchObject({ id: me.accountId, email: me.email });
  expect(all.usage?.map((row) => (row as { id: string }).id)).toEqual(past.map(({ _id }) => _id));
  expect(all.ledger).toHaveLength(2);
  expect(all.days?.length).toBeGreaterThan(80);
  expect(all.sessions).toHaveLength(1);
  for (const secret of [otherCustomer.accountId, otherCustomer.email, me.key, "digest"])
    expect(text).not.toContain(secret);
  const account = await accountOf(me);
  expect(text).not.toContain((account as unknown as { keys: string[] }).keys[0]);
  expect(text).not.toMatch(/[0-9a-f]{64}/);
  await takePast(me, past);
});

test("an account deleted during a stream is refused, settled and gone; the books balance", async ({
  page,
  signedIn,
}) => {
  const me = await signedIn({ credits: "5" });
  await (
    await database()
  )
    .collection("accounts")
    .updateOne({ email: me.email }, { $set: { "free.requests": 0 } });
  const response = await chat(
    me.key,
    'Hello [[sandbox: {"chunks": 40, "chunkDelayMs": 150}]]',
    true,
  );
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  await reader?.read();
  expect(((await accountOf(me)) as unknown as { holds: unknown[] }).holds).toHaveLength(1);

  await page.goto("/dashboard/settings");
  await page.getByRole("button", { name: "Delete account" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("One request that is running can finish and is charged.");
  await dialog.getByRole("textbox").fill("not me");
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Nothing was deleted.");
  await dialog.getByRole("textbox").fill(me.email.toUpperCase());
  await dialog.getByRole("button", { name: "Delete account" }).click();
  await expect(page).toHaveURL(`${deployment.origin}/account-deleted`);
  expect(await page.context().cookies()).toEqual([]);
  expect((await chat(me.key, "Hello")).status).toBe(401);
  expect(await problemsOf(me)).toEqual([]);

  // The stream in progress completes.
  let text = "";
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
    text += new TextDecoder().decode(next.value);
  expect(text).toContain("[DONE]");
  await expect(async () => {
    expect(await accountOf(me)).toMatchObject({
      holds: [],
      email: `erased:${me.accountId}`,
      name: "",
      projects: [],
    });
  }).toPass({ timeout: 60_000 });
  await onekey("sweep");
  const account = await accountOf(me);
  expect(account).not.toHaveProperty("closing");
  expect(account?.credits).toBeLessThan(5_000_000_000);
  expect(await problemsOf(me)).toEqual([]);
  const remains = JSON.stringify([
    account,
    await (await database()).collection("users").find().toArray(),
    await (await database()).collection("ledger").find({ accountId: me.accountId }).toArray(),
  ]);
  expect(remains).not.toContain(me.email);
  await expect(onekey("account", "show", "--email", me.email)).rejects.toThrow(
    "There is no account with that email.",
  );
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in/);
  const newAccount = await onekey("account", "create", "--email", me.email);
  expect(newAccount.freeRequests).toBe(0);
});
