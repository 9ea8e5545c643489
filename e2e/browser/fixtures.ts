import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { MongoClient, type Db } from "mongodb";
import { createHash, randomBytes } from "node:crypto";
import path from "node:path";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import { operatorOf, type Customer as OperatorCustomer } from "../support/cli";
import { awaitHydration } from "./hydration";
import type { BrowserDeployment } from "./setup";

export { expect };

export const deployment = JSON.parse(
  process.env.ONEKEY_BROWSER_DEPLOYMENT ?? "{}",
) as BrowserDeployment;

const operator = operatorOf(deployment.environment, { isSteady: true });
export const { onekey, auditProblems } = operator;

let client: MongoClient | undefined;

/** The deployment's database, to check what is stored and to prepare a test. */
export async function database(): Promise<Db> {
  const mongodbUri = deployment.environment.ONEKEY_SANDBOX_MONGODB_URI;
  client ??= await new MongoClient(
    mongodbUri ?? embeddedUri(path.join(deployment.dataDir, "sandbox")),
  ).connect();
  return client.db(mongodbUri ? undefined : "onekey");
}

export type Customer = OperatorCustomer & { accountId: string };

/** A new account with a key. */
export async function createCustomer(
  options: { credits?: string; email?: string } = {},
): Promise<Customer> {
  const customer = await operator.createCustomer(options);
  const account = await (
    await database()
  )
    .collection("accounts")
    .findOne({ email: customer.email });
  return { ...customer, accountId: String(account?._id) };
}

/** Signs a browser in by inserting a session row; sign-in itself has its own tests. Returns the cookie's token. */
export async function signIn(page: Page, { accountId }: { accountId: string }): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const now = Date.now();
  await (await database()).collection<{ _id: string }>("sessions").insertOne({
    _id: createHash("sha256").update(token).digest("hex"),
    // A personal account has the id of its user.
    userId: accountId,
    createdAt: new Date(now),
    expires: new Date(now + 86_400_000),
    method: "email",
    userAgent: "test browser",
  } as { _id: string });
  await page.context().addCookies([
    {
      name: "next-auth.session-token",
      value: token,
      url: deployment.origin,
      httpOnly: true,
      sameSite: "Lax",
    },
  ]);
  return token;
}

type TestFixtures = {
  /** What a page may say on its console in this test without failing it. */
  allowedConsole: RegExp[];
  signedIn: (input?: { credits?: string; email?: string }) => Promise<Customer>;
};

/** An open dashboard waits for the first request by an event stream, which is a 401 once a test has taken its cookie away. */
const SESSION_TAKEN = /status of 401 .*\/api\/arrivals\?/;

export const test = base.extend<TestFixtures>({
  baseURL: deployment.origin,
  allowedConsole: [[], { option: true }],
  page: async ({ page, allowedConsole }, use) => {
    awaitHydration(page);
    const messages: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning")
        messages.push(`${message.text()} ${message.location().url}`.trim());
    });
    page.on("pageerror", (error) => messages.push(String(error)));
    await use(page);
    expect(
      messages.filter(
        (text) => ![...allowedConsole, SESSION_TAKEN].some((pattern) => pattern.test(text)),
      ),
    ).toEqual([]);
  },
  signedIn: async ({ page }, use) => {
    await use(async (input) => {
      const customer = await createCustomer(input);
      await signIn(page, customer);
      return customer;
    });
  },
});

/** `npm run test:long`. */
export const isLongRun = process.env.ONEKEY_TEST_LONG !== undefined;

/** Every nth of a list, from its first; all of it in the long run. */
export const everyNth = <T>(list: readonly T[], n: number): T[] =>
  list.filter((_, index) => isLongRun || index % n === 0);

const DESKTOP = 1440;
const PHONE = 390;

/**
 * Opens a page and looks at it: no violation that axe finds, and nothing wider than the window at any width. The long run
 * does so on a desktop and on a phone, each in both themes. `npm test` does so in one of the two, by the length of the page's
 * name: on a desktop in light colors or on a phone in dark ones.
 */
export const checkEverywhere = (page: Page, url: string): Promise<void> =>
  checkLayouts(page, url, async () => void (await page.goto(url)));

/** As `checkEverywhere`, of the page in the state it is in. The page has its size from before afterwards. */
export async function checkLayouts(
  page: Page,
  name: string,
  open: () => Promise<void> = async () => {},
): Promise<void> {
  const size = page.viewportSize();
  if (isLongRun) {
    for (const width of [DESKTOP, PHONE]) {
      await showAs(page, { width, colorScheme: "light" });
      await open();
      await checkPage(page, `${name} light ${width}`);
      await showAs(page, { width, colorScheme: "dark" });
      // The dark theme differs only in its colors.
      await checkPage(page, `${name} dark ${width}`, ["color-contrast", "link-in-text-block"]);
    }
  } else {
    const isDesktop = name.length % 2 === 0;
    const colorScheme = isDesktop ? "light" : "dark";
    const width = isDesktop ? DESKTOP : PHONE;
    await showAs(page, { width, colorScheme });
    await open();
    await checkPage(page, `${name} ${colorScheme} ${width}`);
  }
  for (const width of [PHONE, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await checkWidth(page, `${name} ${width}`);
  }
  if (size) await page.setViewportSize(size);
}

async function showAs(
  page: Page,
  { width, colorScheme }: { width: number; colorScheme: "light" | "dark" },
): Promise<void> {
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
}

async function checkWidth(page: Page, name: string): Promise<void> {
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways, `${name}: sideways scroll`).toBe(0);
}

/** No sideways scroll and no violation that axe finds, by all of its rules or by those named. */
export async function checkPage(page: Page, name: string, rules?: string[]): Promise<void> {
  await checkWidth(page, name);
  // A page that reloads its content sets its title again a moment later.
  await expect(page).toHaveTitle(/\S/);
  // The pages have no frames of other hosts, so that axe needs no second page to join their results.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(", ")}`,
    ),
    name,
  ).toEqual([]);
}
