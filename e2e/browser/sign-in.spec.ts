import {
  accountOf,
  everyDocument,
  expectSignedIn,
  linkTo,
  mailLink,
  sessionsOf,
  sessionToken,
  signInAt,
  newEmail,
} from "./sign-in";
import { checkEverywhere, checkPage, expect, deployment, test } from "./fixtures";

test("Google, by redirect: from a clean browser to the dashboard", async ({ page }) => {
  const email = newEmail();
  await signInAt(page, "Google", { email });
  const token = await expectSignedIn(page);
  expect((await accountOf(email))?.methods?.map(({ provider }) => provider)).toEqual(["google"]);
  expect((await sessionsOf(email)).map(({ method }) => String(method))).toEqual(["google"]);
  expect(await everyDocument()).not.toContain(token);
});

test("GitHub: from a clean browser to the dashboard", async ({ page }) => {
  const email = newEmail();
  await signInAt(page, "GitHub", { email });
  const token = await expectSignedIn(page);
  expect((await accountOf(email))?.methods?.map(({ provider }) => provider)).toEqual(["github"]);
  expect(await everyDocument()).not.toContain(token);
});

test("a mailed link leads to the dashboard, and no raw token is in the database", async ({
  page,
}) => {
  const email = newEmail();
  const link = await mailLink(page, email);
  const linkToken = new URL(link).searchParams.get("token") ?? "";
  expect(Buffer.from(linkToken, "base64url")).toHaveLength(32);
  expect(await page.context().cookies()).toEqual([]);
  expect(await everyDocument()).not.toContain(linkToken);
  await page.getByRole("main").getByRole("link", { name: "Open the mailbox" }).click();
  await page.getByRole("link").filter({ hasText: email }).click();
  await expect(page.getByText(`To ${email}`)).toBeVisible();
  await page.getByRole("link", { name: "Sign in", exact: true }).click();
  await expect(page.getByText(email)).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
  const token = await expectSignedIn(page);
  const everything = await everyDocument();
  expect(everything).not.toContain(token);
  expect(everything).not.toContain(linkToken);
});

test("One Tap: Google's script is loaded by the click and not before, and its cookies go too", async ({
  page,
}) => {
  const script = `${deployment.sandbox.google}/gsi/client`;
  const urls: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(deployment.origin)) urls.push(request.url());
  });
  await page.goto("/sign-in");
  await page.waitForLoadState("networkidle");
  expect(urls).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  await page.getByRole("button", { name: "Use One Tap" }).click();
  const prompt = page.getByRole("form", { name: "Mock One Tap" });
  await expect(prompt).toBeVisible();
  expect(urls).toEqual([script]);
  expect((await page.context().cookies()).map(({ name }) => name).sort()).toEqual([
    "g_csrf_token",
    "g_state",
  ]);
  await prompt.getByRole("button").click();
  const token = await expectSignedIn(page);
  expect(await everyDocument()).not.toContain(token);
});

test.describe("without Google's script", () => {
  test.use({ allowedConsole: [/ERR_FAILED/] });

  test("One Tap that cannot be loaded says so, and the other ways still work", async ({ page }) => {
    await page.route(`${deployment.sandbox.google}/gsi/client`, (route) => route.abort());
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Use One Tap" }).click();
    await expect(page.getByText("Google’s script could not be loaded.")).toBeVisible();
    await signInAt(page, "Google", { email: newEmail() });
    await expectSignedIn(page);
  });
});

test("One person has one account, whichever way they come in", async ({ page }) => {
  const email = newEmail();
  await signInAt(page, "Google", { email: email.toUpperCase() });
  await expectSignedIn(page);
  const first = await accountOf(email);
  await page.context().clearCookies();
  await signInAt(page, "GitHub", { email });
  await expectSignedIn(page);
  await page.context().clearCookies();
  await page.goto(await mailLink(page, ` ${email.toUpperCase()} `));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectSignedIn(page);
  const last = await accountOf(email);
  expect(last?._id).toBe(first?._id);
  expect(last?.methods?.map(({ provider }) => provider)).toEqual(["google", "github"]);
  expect((await sessionsOf(email)).map(({ method }) => String(method)).sort()).toEqual([
    "email",
    "github",
    "google",
  ]);
});

test("a sign-in ends the previous session and never uses a planted cookie", async ({ page }) => {
  const plantedToken = "A".repeat(43);
  await page
    .context()
    .addCookies([{ name: "next-auth.session-token", value: plantedToken, url: deployment.origin }]);
  const email = newEmail();
  await signInAt(page, "GitHub", { email });
  const first = await expectSignedIn(page);
  expect(first).not.toBe(plantedToken);
  // Someone who is signed in signs in as another person, by a link.
  const victimEmail = newEmail();
  const link = await (async () => {
    const fresh = await page.context().browser()?.newContext({ baseURL: deployment.origin });
    const visitor = await fresh?.newPage();
    if (!visitor) throw new Error("no browser");
    const link = await mailLink(visitor, victimEmail);
    await fresh?.close();
    return link;
  })();
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  const second = await expectSignedIn(page);
  expect(second).not.toBe(first);
  expect(await sessionsOf(email)).toHaveLength(0);
  expect(await sessionsOf(victimEmail)).toHaveLength(1);
  expect((await accountOf(email))?._id).not.toBe((await accountOf(victimEmail))?._id);
});

test("After sign-in a visitor arrives at the page they wanted", async ({ page }) => {
  const query = "?next=%2Fmodels%3Fq%3Dclaude";
  await signInAt(page, "Google", { email: newEmail(), query });
  await expect(page).toHaveURL(`${deployment.origin}/models?q=claude`);
  await page.context().clearCookies();
  await page.goto(await mailLink(page, newEmail(), query));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${deployment.origin}/models?q=claude`);
  await page.context().clearCookies();
  await page.goto(`/sign-in${query}`);
  await page.getByRole("button", { name: "Use One Tap" }).click();
  await page.getByRole("form", { name: "Mock One Tap" }).getByRole("button").click();
  await expect(page).toHaveURL(`${deployment.origin}/models?q=claude`);
});

test("the header and the sign-in page lead a signed-in person to the dashboard", async ({
  page,
}) => {
  await page.goto("/");
  const header = page.getByRole("banner");
  await expect(header.getByRole("link", { name: "Sign in" })).toBeVisible();
  await expect(header.getByRole("link", { name: "Dashboard" })).toBeHidden();
  await signInAt(page, "GitHub", { email: newEmail() });
  await expectSignedIn(page);
  await page.goto("/");
  await expect(header.getByRole("link", { name: "Sign in" })).toBeHidden();
  await header.getByRole("link", { name: "Dashboard" }).click();
  await expect(page).toHaveURL(`${deployment.origin}/dashboard`);
  await page.goto("/sign-in");
  await expect(page).toHaveURL(`${deployment.origin}/dashboard`);
});

test("A mail scanner that opens a link uses nothing up", async ({ page, request }) => {
  const email = newEmail();
  const link = await mailLink(page, email);
  for (const headers of [{}, { "user-agent": "MailScanner" }] as Record<string, string>[])
    expect((await request.get(link, { headers })).status()).toBe(200);
  expect((await request.head(link)).status()).toBe(200);
  const token = new URL(link).searchParams.get("token") ?? "";
  expect(
    (await request.get(`/api/auth/callback/email?token=${token}&email=${email}`)).status(),
  ).toBe(405);
  expect(await sessionsOf(email)).toHaveLength(0);
  await page.goto(link);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectSignedIn(page);
});

test("A known and an unknown address get the same answer", async ({ page }) => {
  const [knownEmail, unknown] = [newEmail(), newEmail()];
  await page.goto(await mailLink(page, knownEmail));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectSignedIn(page);
  await page.context().clearCookies();
  const responses = [];
  for (const email of [knownEmail, unknown]) {
    await mailLink(page, email);
    const notice = await page.getByRole("status").filter({ hasText: "on its way" }).innerText();
    responses.push(notice.replace(email, "EMAIL").replace(/\d\d:\d\d:\d\d/, "TIME"));
  }
  expect(responses[0]).toBe(responses[1]);
  expect(await linkTo(unknown)).not.toBe("");
});

test("after a link was sent the page says where to look; another address can be used", async ({
  page,
}) => {
  const email = newEmail();
  await mailLink(page, email);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check your inbox");
  await expect(page.getByRole("button", { name: /^Continue with/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Send again in \d+ s$/ })).toBeDisabled();
  await expect(page.getByRole("link", { name: "Open the mailbox" }).last()).toBeVisible();
  await checkPage(page, "a link was sent");
  await page.setViewportSize({ width: 390, height: 844 });
  await checkPage(page, "a link was sent, on a phone");
  await page.getByRole("button", { name: "Use another address" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await expect(page.getByLabel("Email")).toHaveValue(email);
});

test("Without scripts, the forms still sign in", async ({ browser }) => {
  const context = await browser.newContext({
    baseURL: deployment.origin,
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  const email = newEmail();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Email me a link" }).click();
  await expect(page.getByText(/A link is on its way/)).toBeVisible();
  await page.goto(await linkTo(email));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(`${deployment.origin}/dashboard`);
  await page.context().clearCookies();
  await signInAt(page, "GitHub", { email });
  await expect(page).toHaveURL(`${deployment.origin}/dashboard`);
  expect(await sessionToken(page)).toBeDefined();
  await context.close();
});

for (const path of [
  "/sign-in?error=mismatch",
  "/sign-in/link?token=none",
  "a link",
  "/sandbox/mailbox",
]) {
  test(`${path} reads at every width in both themes`, async ({ page }) => {
    test.slow();
    const link = await mailLink(page, newEmail());
    await checkEverywhere(page, path === "a link" ? link : path);
  });
}
