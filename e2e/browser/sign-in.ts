import type { Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { database, expect, deployment } from "./fixtures";

export const newEmail = () => `${randomUUID()}@example.com`;

type InboxMail = { to: string; subject: string; text: string };

/** The mails to an address, the newest first. */
export async function mailsTo(email: string): Promise<InboxMail[]> {
  const all = (await (await fetch(`${deployment.sandbox.mail}/messages`)).json()) as InboxMail[];
  return all.filter(({ to }) => to === email);
}

/** The link of the newest mail to an address. */
export async function linkTo(email: string): Promise<string> {
  const [mail] = await mailsTo(email);
  return /^http\S+$/m.exec(mail?.text ?? "")?.[0] ?? "";
}

export async function askForLink(page: Page, email: string, query = ""): Promise<void> {
  await page.goto(`/sign-in${query}`);
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Email me a link" }).click();
}

/** Asks for a link, waits until it was sent, and returns it. */
export async function mailLink(page: Page, email: string, query = ""): Promise<string> {
  await askForLink(page, email, query);
  await expect(page.getByRole("status").getByText(/A link is on its way/)).toBeVisible();
  return linkTo(email.trim().toLowerCase());
}

/** Goes from the sign-in page to a mock provider and comes back signed in. */
export async function signInAt(
  page: Page,
  provider: "Google" | "GitHub",
  person: { email: string; verified?: boolean; query?: string },
): Promise<void> {
  await page.goto(`/sign-in${person.query ?? ""}`);
  await page.getByRole("button", { name: `Continue with ${provider}` }).click();
  await page.getByLabel("Email", { exact: true }).fill(person.email);
  await page.getByLabel("The email is verified").setChecked(person.verified ?? true);
  await page.getByRole("button", { name: "Continue to OneKey" }).click();
}

export async function sessionToken(page: Page): Promise<string | undefined> {
  return (await page.context().cookies()).find(({ name }) => name === "next-auth.session-token")
    ?.value;
}

export async function accountOf(email: string) {
  return (await database())
    .collection<{ _id: string; email: string; methods?: { provider: string }[] }>("users")
    .findOne({ email });
}

export async function sessionsOf(email: string) {
  const account = await accountOf(email);
  return (await database())
    .collection("sessions")
    .find({ userId: account?._id ?? "" })
    .toArray();
}

/** Every document of every collection, as text. */
export async function everyDocument(): Promise<string> {
  const db = await database();
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(
    ({ name }) => name,
  );
  const lists = await Promise.all(names.map((name) => db.collection(name).find().toArray()));
  return JSON.stringify(Object.fromEntries(names.map((name, index) => [name, lists[index]])));
}

/** Signed in: on the dashboard, with the session's cookie and no other. */
export async function expectSignedIn(page: Page): Promise<string> {
  await expect(page).toHaveURL(`${deployment.origin}/dashboard`);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  const cookies = await page.context().cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({
    name: "next-auth.session-token",
    httpOnly: true,
    sameSite: "Lax",
    secure: false,
    path: "/",
  });
  const days = ((cookies[0]?.expires ?? 0) * 1000 - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.99);
  expect(days).toBeLessThanOrEqual(7);
  return cookies[0]?.value ?? "";
}

/** Refused: back on the sign-in page with the reason, and no cookie at all. */
export async function expectRefused(page: Page, reason: RegExp): Promise<void> {
  await expect(page).toHaveURL(/\/sign-in(\/link)?\?/);
  await expect(page.getByText(reason)).toBeVisible();
  expect(await page.context().cookies()).toEqual([]);
}

/** What a page still loads is not to meet a server that has stopped. */
export async function leavePage(page: Page, server: { stop(): Promise<unknown> }): Promise<void> {
  await page.goto("about:blank");
  await server.stop();
}
