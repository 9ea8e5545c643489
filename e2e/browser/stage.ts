import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { MongoClient, type Db } from "mongodb";
import { execFile } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";
import { embeddedUri } from "@onekey/embedded-mongo/client";
import { root } from "../support/processes";
import type { BrowserStage } from "./setup";

export { expect };

export const stage = JSON.parse(process.env.ONEKEY_BROWSER_STAGE ?? "{}") as BrowserStage;

const run = promisify(execFile);

/** Runs an operator command on the stage's database and returns its JSON object. */
export async function onekey(...words: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, ["dist/cli.js", ...words, "--json"], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...stage.environment },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

let client: MongoClient | undefined;

/** The stage's database, to look into what is stored and to set a scene. */
export async function database(): Promise<Db> {
  const own = stage.environment.ONEKEY_SANDBOX_MONGODB_URI;
  client ??= await new MongoClient(
    own ?? embeddedUri(path.join(stage.dataDir, "sandbox")),
  ).connect();
  return client.db(own ? undefined : "onekey");
}

export type Customer = { email: string; accountId: string; project: string; key: string };

/** A new account with a key. */
export async function customer({
  credits,
  email = `${randomUUID()}@example.com`,
}: { credits?: string; email?: string } = {}): Promise<Customer> {
  const made = await onekey(
    "account",
    "create",
    "--email",
    email,
    ...(credits ? ["--credits", credits] : []),
  );
  const account = await (await database()).collection("accounts").findOne({ email });
  return {
    email,
    accountId: String(account?._id),
    project: String(made.project),
    key: String(made.key),
  };
}

/** Signs a browser in by a session row of our own making; sign-in itself has its own tests. Returns the cookie's token. */
export async function signIn(page: Page, { accountId }: { accountId: string }): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const now = Date.now();
  await (await database()).collection<{ _id: string }>("sessions").insertOne({
    _id: createHash("sha256").update(token).digest("hex"),
    accountId,
    createdAt: new Date(now),
    expires: new Date(now + 86_400_000),
    method: "email",
    userAgent: "test browser",
  } as { _id: string });
  await page.context().addCookies([
    {
      name: "next-auth.session-token",
      value: token,
      url: stage.origin,
      httpOnly: true,
      sameSite: "Lax",
    },
  ]);
  return token;
}

type Fixtures = {
  /** What a page may say on its console in this test without failing it. */
  allowedConsole: RegExp[];
  signedIn: (input?: { credits?: string; email?: string }) => Promise<Customer>;
};

export const test = base.extend<Fixtures>({
  baseURL: stage.origin,
  allowedConsole: [[], { option: true }],
  page: async ({ page, allowedConsole }, use) => {
    const said: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") said.push(message.text());
    });
    page.on("pageerror", (error) => said.push(String(error)));
    await use(page);
    expect(said.filter((text) => !allowedConsole.some((allowed) => allowed.test(text)))).toEqual(
      [],
    );
  },
  signedIn: async ({ page }, use) => {
    await use(async (input) => {
      const made = await customer(input);
      await signIn(page, made);
      return made;
    });
  },
});

export const WIDTHS = [1440, 390, 360] as const;
export const SCHEMES = ["light", "dark"] as const;

/**
 * Opens a page on a desktop and on a phone, and looks at it in both themes: no violation that axe finds, nothing wider than
 * the window, which is tried on the narrowest phone too.
 */
export async function checkEverywhere(page: Page, url: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(url);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await checkPage(page, `${url} light ${width}`);
    // The other theme differs in its colours alone.
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await checkPage(page, `${url} dark ${width}`, ["color-contrast", "link-in-text-block"]);
  }
  await page.setViewportSize({ width: 360, height: 900 });
  await checkWidth(page, `${url} 360`);
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
  // A page that loads its content anew puts its title there again a moment later.
  await expect(page).toHaveTitle(/\S/);
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  expect(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(", ")}`,
    ),
    name,
  ).toEqual([]);
}
