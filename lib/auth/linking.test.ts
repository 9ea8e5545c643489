import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listAuditEntries } from "@/lib/audit-log/queries";
import { useOwnDatabase } from "@/lib/db/own-database";
import { emptyMailbox, listMail } from "@/lib/email/mailbox";
import { env } from "@/lib/env";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { createSession } from "@/lib/sessions/create";
import { endAllSessions } from "@/lib/sessions/end";
import { sessions } from "@/lib/sessions/collection";
import { users } from "@/lib/users/collection";
import { startGithub } from "@/sandbox/github";
import { startMail } from "@/sandbox/mail";
import { sessionCookieName } from "./cookie-name";
import { startLinking } from "./linking";
import { finishOAuth, startOAuth } from "./oauth";
import { findOrCreateUser, findUser } from "./users";

const [github, mail] = [await startGithub(), await startMail()];
afterAll(() => Promise.all([github.close(), mail.close()]));

beforeAll(() => {
  delete (globalThis as { onekeyEnv?: unknown }).onekeyEnv;
  vi.stubEnv("ONEKEY_SANDBOX_GITHUB", github.url);
  vi.stubEnv("ONEKEY_SANDBOX_MAIL", mail.url);
});
useOwnDatabase(ensureIndexes);

const SETTINGS = "/dashboard/settings";

/** A browser with a cookie jar, in which a user may be signed in. */
function createBrowser() {
  const jar = new Map<string, string>();
  const take = (response: Response): string => {
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split(/=(.*)/s);
      if (/Max-Age=0/.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response.headers.get("location") ?? "";
  };
  const headers = (): Record<string, string> => ({
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "),
    origin: new URL(env().nextauthUrl).origin,
  });
  return {
    jar,
    async signIn(userId: string): Promise<void> {
      const { token } = await createSession({ userId, method: "email", userAgent: "" });
      jar.set(sessionCookieName(), token);
    },
    /** Presses "Link GitHub", or "Continue with GitHub"; returns where the provider is. */
    async press(start: typeof startLinking | typeof startOAuth, origin?: string): Promise<string> {
      const request = new NextRequest(new URL("/api/auth/link/github", env().nextauthUrl), {
        method: "POST",
        headers: {
          ...headers(),
          ...(origin === undefined ? {} : { origin }),
          "content-type": "application/x-www-form-urlencoded",
        },
        body: new URLSearchParams({ next: SETTINGS }).toString(),
      });
      const response = await start(request, "github");
      expect(response.status).toBe(origin === undefined ? 303 : 403);
      return take(response);
    },
    /** Comes back from the provider; returns where this server sends the browser. */
    async comeBack(address: string, provider = "github"): Promise<string> {
      return take(await finishOAuth(new NextRequest(address, { headers: headers() }), provider));
    },
  };
}

/** Agrees at the provider as a person; returns the address to come back to. */
async function agree(address: string, email: string, isVerified = true): Promise<string> {
  const url = new URL(address);
  url.searchParams.set("mock_email", email);
  if (isVerified) url.searchParams.set("mock_verified", "on");
  const response = await fetch(url, { redirect: "manual" });
  return response.headers.get("location") ?? "";
}

let count = 0;
async function newPerson() {
  const user = await findOrCreateUser({ email: `person${++count}@example.com` });
  const browser = createBrowser();
  await browser.signIn(user._id);
  return { user, browser };
}
const methodsOf = async (userId: string) => (await findUser(userId))?.methods ?? [];
const typesIn = async (accountId: string) =>
  (await listAuditEntries({ accountId, limit: 10 })).map(({ type }) => type);

test("the signed-in person links GitHub under another address, once, with an entry and a mail", async () => {
  const { user, browser } = await newPerson();
  await emptyMailbox();
  const back = await agree(await browser.press(startLinking), "work@example.com");
  expect(await browser.comeBack(back)).toBe(`${SETTINGS}?link_linked=github`);
  expect(await methodsOf(user._id)).toMatchObject([
    { provider: "github", email: "work@example.com" },
  ]);
  expect(await typesIn(user._id)).toEqual(["sign_in.linked"]);
  expect(await listMail()).toMatchObject([
    { to: user.email, subject: "GitHub (work@example.com) was linked to your OneKey account" },
  ]);
  // The session stays, no other begins, and no cookie of the flow is left.
  expect([...browser.jar.keys()]).toEqual([sessionCookieName()]);
  expect(await sessions.countDocuments({ userId: user._id })).toBe(1);
  // The same address again links nothing, and the code is used up.
  expect(await browser.comeBack(back)).toContain("/sign-in?error=");
  const secondAnswer = await agree(await browser.press(startLinking), "work@example.com");
  expect(await browser.comeBack(secondAnswer)).toBe(`${SETTINGS}?link_linked=github`);
  expect(await methodsOf(user._id)).toHaveLength(1);
  expect(await typesIn(user._id)).toEqual(["sign_in.linked"]);
  // From now on it signs in this user.
  const otherBrowser = createBrowser();
  await otherBrowser.comeBack(
    await agree(await otherBrowser.press(startOAuth), "work@example.com"),
  );
  expect(await sessions.countDocuments({ userId: user._id })).toBe(2);
});

test("a person who signs in another user, by id or by address, is not linked", async () => {
  const { user: owner, browser: ownersBrowser } = await newPerson();
  await ownersBrowser.comeBack(
    await agree(await ownersBrowser.press(startLinking), "theirs@example.com"),
  );
  const { user, browser } = await newPerson();
  await emptyMailbox();
  for (const email of ["theirs@example.com", owner.email]) {
    const back = await agree(await browser.press(startLinking), email);
    expect(await browser.comeBack(back)).toBe(`${SETTINGS}?link_problem=other-person`);
  }
  expect(await methodsOf(user._id)).toEqual([]);
  expect(await methodsOf(owner._id)).toHaveLength(1);
  expect(await typesIn(user._id)).toEqual([]);
  expect(await listMail()).toEqual([]);
});

test("an address that the provider has not verified is not linked", async () => {
  const { user, browser } = await newPerson();
  const back = await agree(await browser.press(startLinking), "unverified@example.com", false);
  expect(await browser.comeBack(back)).toBe(`${SETTINGS}?link_problem=github-email`);
  expect(await methodsOf(user._id)).toEqual([]);
});

test("a state of another browser, and a forged one, link nothing", async () => {
  const { user, browser } = await newPerson();
  const { browser: attacker } = await newPerson();
  const back = await agree(await attacker.press(startLinking), "attacker@example.com");
  expect(await browser.comeBack(back)).toContain("/sign-in?error=mismatch");
  const callbackUrl = new URL(await agree(await browser.press(startLinking), "mine@example.com"));
  callbackUrl.searchParams.set("state", "forged");
  expect(await browser.comeBack(callbackUrl.href)).toContain("/sign-in?error=mismatch");
  // The mark of one flow does not turn a sign-in into a linking.
  const marks = [...attacker.jar].filter(([name]) => name.includes("link."));
  expect(marks).toHaveLength(1);
  for (const [name, value] of attacker.jar)
    if (name !== sessionCookieName()) browser.jar.set(name, value);
  expect(await browser.comeBack(back)).toBe(`${SETTINGS}?link_problem=session`);
  expect(await methodsOf(user._id)).toEqual([]);
  expect(await users.countDocuments({ email: "attacker@example.com" })).toBe(0);
});

test("whoever signs in as somebody else, or out, meanwhile links nothing", async () => {
  const { user, browser } = await newPerson();
  const { user: otherUser } = await newPerson();
  const back = await agree(await browser.press(startLinking), "meanwhile@example.com");
  await browser.signIn(otherUser._id);
  expect(await browser.comeBack(back)).toBe(`${SETTINGS}?link_problem=session`);
  await browser.signIn(user._id);
  const laterBack = await agree(await browser.press(startLinking), "meanwhile@example.com");
  await endAllSessions(user._id);
  expect(await browser.comeBack(laterBack)).toBe(`${SETTINGS}?link_problem=session`);
  expect(await methodsOf(user._id)).toEqual([]);
  expect(await methodsOf(otherUser._id)).toEqual([]);
});

test("only a page of this server begins a linking, and only signed in", async () => {
  const { browser } = await newPerson();
  await browser.press(startLinking, "https://evil.example");
  expect([...browser.jar.keys()]).toEqual([sessionCookieName()]);
  const visitor = createBrowser();
  expect(await visitor.press(startLinking)).toBe(`/sign-in?next=${encodeURIComponent(SETTINGS)}`);
});

test("a linking that the person cancels says so", async () => {
  const { browser } = await newPerson();
  const state = new URL(await browser.press(startLinking)).searchParams.get("state") ?? "";
  const url = new URL("/api/auth/callback/github", env().nextauthUrl);
  url.search = new URLSearchParams({ error: "access_denied", state }).toString();
  expect(await browser.comeBack(url.href)).toBe(`${SETTINGS}?link_problem=cancelled`);
});
