import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { APIResponse } from "@playwright/test";
import { freePort, launch, waitForHealth } from "../support/processes";
import {
  accountOf,
  leavePage,
  askForLink,
  expectRefused,
  expectSignedIn,
  mailLink,
  sessionsOf,
  signInAt,
  newEmail,
} from "./sign-in";
import { database, everyNth, expect, deployment, test } from "./fixtures";

const WAS_USED = /was used before, or is older than 15 minutes/;
const NOT_OURS = /did not belong to a sign-in that this browser began/;

test("a used, an expired and a forged link are refused, each on a clear page", async ({ page }) => {
  const email = newEmail();
  const usedLink = await mailLink(page, email);
  await page.goto(usedLink);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectSignedIn(page);
  await page.context().clearCookies();
  await page.goto(usedLink);
  await expectRefused(page, WAS_USED);

  const expiredLink = await mailLink(page, email);
  // Opened in time, pressed too late.
  await page.goto(expiredLink);
  await (
    await database()
  )
    .collection("links")
    .updateMany({ email }, { $set: { expires: new Date(Date.now() - 1) } });
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectRefused(page, WAS_USED);
  await page.goto(expiredLink);
  await expectRefused(page, WAS_USED);

  const forgedLink = new URL(await mailLink(page, newEmail()));
  const token = forgedLink.searchParams.get("token") ?? "";
  forgedLink.searchParams.set("token", `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`);
  await page.goto(forgedLink.href);
  await expectRefused(page, WAS_USED);
  await page.getByRole("link", { name: "Ask for a new link" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("of many concurrent presses of one link, one signs in", async ({ page, request }) => {
  const email = newEmail();
  const token = new URL(await mailLink(page, email)).searchParams.get("token") ?? "";
  const press = () =>
    request.post("/api/auth/callback/email", {
      headers: { origin: deployment.origin },
      form: { token },
      maxRedirects: 0,
    });
  const responses = await Promise.all(Array.from({ length: 12 }, press));
  expect(responses.map(locationOf).filter((location) => location === "/dashboard")).toHaveLength(1);
  expect(
    responses.map(locationOf).filter((location) => location === "/sign-in?error=link"),
  ).toHaveLength(11);
  expect(await sessionsOf(email)).toHaveLength(1);
});

test("a tampered OAuth state is refused, and nobody is signed in or made", async ({ page }) => {
  for (const provider of ["Google", "GitHub"] as const) {
    const email = newEmail();
    await page.goto("/sign-in?next=%2Fmodels");
    await page.getByRole("button", { name: `Continue with ${provider}` }).click();
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.locator("input[name=state]").evaluate((input: HTMLInputElement) => {
      input.value = `${input.value.slice(0, -1)}${input.value.endsWith("A") ? "B" : "A"}`;
    });
    await page.getByRole("button", { name: "Continue to OneKey" }).click();
    await expect(page).toHaveURL(/\/sign-in\?/);
    await expect(page.getByText(NOT_OURS)).toBeVisible();
    // The state names no sign-in of this browser, so that one that is in progress, perhaps in another tab, may go on.
    const names = (await page.context().cookies()).map(({ name }) => name);
    expect(names.filter((name) => !/^next-auth\.[\w.-]+\.[0-9a-f]{16}$/.test(name))).toEqual([]);
    expect(await accountOf(email)).toBeNull();
  }
});

test("an answer that another browser asked for signs nobody in here", async ({ page, browser }) => {
  for (const provider of ["Google", "GitHub"] as const) {
    const email = newEmail();
    const attacker = await browser.newPage({ baseURL: deployment.origin });
    await attacker.goto("/sign-in");
    await attacker.getByRole("button", { name: `Continue with ${provider}` }).click();
    await attacker.getByLabel("Email", { exact: true }).fill(email);
    const consent = await attacker.locator("form").evaluate((form: HTMLFormElement) => {
      const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
      return `${form.action}?${new URLSearchParams(fields)}`;
    });
    const response = (await fetch(consent, { redirect: "manual" })).headers.get("location") ?? "";
    expect(response).toMatch(/\/api\/auth\/callback\/.*code=/);
    await attacker.close();
    await page.goto(response);
    await expectRefused(page, NOT_OURS);
    expect(await accountOf(email)).toBeNull();
  }
});

test("a sign-in that is cancelled says so, and leaves no cookie", async ({ page }) => {
  for (const provider of ["Google", "GitHub"]) {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: `Continue with ${provider}` }).click();
    await page.getByRole("link", { name: "Cancel" }).click();
    await expectRefused(page, /was cancelled/);
  }
});

test("an unverified address is refused on a clear page, though an account has it", async ({
  page,
}) => {
  const email = newEmail();
  await signInAt(page, "Google", { email });
  await expectSignedIn(page);
  await page.context().clearCookies();
  await signInAt(page, "GitHub", { email, verified: false });
  await expectRefused(page, /GitHub has not verified the primary email/);
  await signInAt(page, "Google", { email: `x${email}`, verified: false });
  await expectRefused(page, /Google has not verified the email/);
  expect((await accountOf(email))?.methods).toHaveLength(1);
  expect(await accountOf(`x${email}`)).toBeNull();
});

test("a write from another site is refused before anything happens", async ({ page, request }) => {
  const token = new URL(await mailLink(page, newEmail())).searchParams.get("token") ?? "";
  for (const path of ["signin/google", "signin/github", "callback/email", "one-tap"]) {
    for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }, {}] as Record<
      string,
      string
    >[]) {
      const response = await request.post(`/api/auth/${path}`, {
        headers,
        form: { token },
        maxRedirects: 0,
      });
      expect(response.status(), `${path} ${JSON.stringify(headers)}`).toBe(403);
      expect(response.headers()["set-cookie"]).toBeUndefined();
    }
  }
  // The link was not used up by any of it.
  await page.goto(`/sign-in/link?token=${token}`);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectSignedIn(page);
});

test("nothing but a path of this site is taken as the place to go", async ({ page }) => {
  const elsewhere = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",

    "javascript:alert(1)",
    "/sign-in?next=/x",
    "/api/auth/signin/google",
    "evil.example",
    "%2F%2Fevil.example",
  ];
  for (const next of everyNth(elsewhere, 3)) {
    const query = `?${new URLSearchParams({ next })}`;
    await signInAt(page, "GitHub", { email: newEmail(), query });
    await expectSignedIn(page);
    await page.context().clearCookies();
  }
  // A link whose `next` was changed on its way, and the callback-url cookie changed in the browser.
  const link = new URL(await mailLink(page, newEmail()));
  link.searchParams.set("next", "https://evil.example");
  await page.goto(link.href);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectSignedIn(page);
  await page.context().clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Google" }).click();
  await page.context().addCookies([
    {
      name: "next-auth.callback-url",
      value: "https://evil.example",
      url: deployment.origin,
      httpOnly: true,
      sameSite: "Lax",
    },
  ]);
  await page.getByRole("button", { name: "Continue to OneKey" }).click();
  await expectSignedIn(page);
});

test("an invalid address and a refused email are reported at the field, which keeps it", async ({
  page,
}) => {
  await askForLink(page, "not an address");
  await expect(page.getByRole("alert").getByText("That is not an email address.")).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue("not an address");
  await askForLink(page, "mira@refused.onekey.local");
  await expect(page.getByRole("alert").getByText(/could not be sent/)).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue("mira@refused.onekey.local");
  await askForLink(page, `<b>x</b>@example.com`);
  await expect(page.getByRole("alert").getByText("That is not an email address.")).toBeVisible();
});

test("where the public address is https, every cookie of a sign-in is Secure", async ({
  page,
  request,
}) => {
  const email = newEmail();
  const token = new URL(await mailLink(page, email)).searchParams.get("token") ?? "";
  const port = await freePort();
  const origin = `https://127.0.0.1:${port}`;
  const environment = { ...deployment.environment, PORT: String(port), NEXTAUTH_URL: origin };
  const secure = await launch({ script: "dist/server.js", environment });
  await waitForHealth(`http://127.0.0.1:${port}`);
  const post = (path: string, form: Record<string, string>) =>
    request.post(`http://127.0.0.1:${port}/api/auth/${path}`, {
      headers: { origin },
      form,
      maxRedirects: 0,
    });
  const startCookies = cookiesOf(await post("signin/google", { next: "/dashboard" }));
  const names = startCookies.map((cookie) => cookie.split("=")[0] ?? "").sort();
  const flow = /\.([0-9a-f]{16})$/.exec(names[0] ?? "")?.[1] ?? "";
  expect(names).toEqual(
    ["callback-url", "nonce", "pkce.code_verifier", "state"].map(
      (name) => `__Secure-next-auth.${name}.${flow}`,
    ),
  );
  // Each ends on its own, so that another tab's sign-in that is never ended leaves nothing.
  for (const cookie of startCookies) expect(cookie).toMatch(/Max-Age=900|Expires=/);
  const [session = "", ...clearedCookies] = cookiesOf(await post("callback/email", { token }));
  expect(session).toMatch(/^__Secure-next-auth\.session-token=[\w-]{43}; /);
  // The sign-in at Google that was begun in another tab can still be ended.
  expect(clearedCookies).toEqual([]);
  for (const cookie of [...startCookies, session])
    expect(cookie).toMatch(/(?=.*; Secure)(?=.*; HttpOnly)(?=.*; SameSite=Lax)/i);
  await secure.stop();
});

test("in the sandbox a sign-in stays under one host name, whichever the visitor typed", async ({
  page,
}) => {
  await page.goto(`${deployment.origin.replace("127.0.0.1", "localhost")}/sign-in?next=%2Fmodels`);
  await expect(page).toHaveURL(`${deployment.origin}/sign-in?next=%2Fmodels`);
});

test("live has no mailbox, and shows no way to sign in that is not set up", async ({ page }) => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "onekey-live-"));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const environment = {
    ONEKEY_MODE: "live",
    CONTACT_EMAIL: "help@example.com",
    ONEKEY_DATA_DIR: dataDir,
    PORT: String(port),
    OPENAI_API_KEY: "sk-none",
  };
  const live = await launch({ script: "dist/server.js", environment });
  await waitForHealth(origin);
  expect((await page.request.get(`${origin}/sandbox/mailbox`)).status()).toBe(404);
  for (const path of ["signin/google", "signin/github", "one-tap"])
    expect(
      (await page.request.post(`${origin}/api/auth/${path}`, { headers: { origin } })).status(),
    ).toBe(404);
  await page.goto(`${origin}/sign-in`);
  await expect(page.getByText("No way to sign in is set up on this server.")).toBeVisible();
  for (const name of [
    "Continue with Google",
    "Continue with GitHub",
    "Email me a link",
    "Use One Tap",
  ])
    await expect(page.getByRole("button", { name })).toHaveCount(0);
  await leavePage(page, live);
  await rm(dataDir, { recursive: true, force: true });
});

function locationOf(response: APIResponse): string | undefined {
  return response.headers().location;
}

function cookiesOf(response: APIResponse): string[] {
  return response
    .headersArray()
    .filter(({ name }) => name.toLowerCase() === "set-cookie")
    .map(({ value }) => value);
}
