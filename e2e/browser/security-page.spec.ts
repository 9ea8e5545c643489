import type { Page } from "@playwright/test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { claims } from "@/app/(site)/security/claims";
import { builtParts, factsOf } from "@/app/(site)/security/facts";
import { recordFields } from "@/app/(site)/security/record";
import { allRows, storedRows } from "@/app/(site)/security/stored";
import { Account } from "@/lib/accounts/schema";
import { parseEnv } from "@/lib/env";
import { formatUsd } from "@/lib/format";
import { previewOf } from "@/lib/ids";
import { listProviders, providerIds } from "@/lib/providers";
import { UsageRow } from "@/lib/usage/schema";
import { ROOT } from "../support/processes";
import { createCustomer, database, expect, onekey, deployment, test } from "./fixtures";

const names = Object.values(claims)
  .flat()
  .filter(({ part }) => part === undefined || builtParts[part]);

const section = (page: Page, id: string) => page.locator(`section#${id}`);

/** The titles of the tests in a file, and of the groups that they stand in. */
function titlesIn(file: string): string[] {
  const source = readFileSync(path.join(ROOT, file), "utf8");
  const calls =
    /\b(?:test|it|describe)(?:\.\w+(?:\((?:[^()]|\([^()]*\))*\))?)*\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs;
  return [...source.matchAll(calls)].map((match) => match[2] ?? "");
}

test("every claim names files that are there and a test of its name", () => {
  expect(names.length).toBeGreaterThan(20);
  const problems = names.flatMap(({ name, files, test: file }) => [
    ...files
      .filter((file) => !existsSync(path.join(ROOT, file)))
      .map((file) => `${name}: no ${file}`),
    ...(existsSync(path.join(ROOT, file)) && titlesIn(file).some((title) => title.endsWith(name))
      ? []
      : [`${name}: no such test in ${file}`]),
  ]);
  expect(problems).toEqual([]);
  const rows = storedRows.filter(({ file }) => !existsSync(path.join(ROOT, file)));
  expect(rows.map(({ topic, file }) => `${topic}: no ${file}`)).toEqual([]);
});

test("a claim whose test has another name, or whose file is gone, is found", () => {
  expect(titlesIn("e2e/browser/security-page.spec.ts")).toContain(
    "every collection of the database is on the page",
  );
  expect(
    titlesIn("e2e/gateway/money.test.ts").some((title) =>
      title.endsWith("a test that nobody wrote"),
    ),
  ).toBe(false);
});

test("the page shows every claim with its source and its test", async ({ page }) => {
  await page.goto("/security");
  const text = await page.locator("main").evaluate((main) => main.textContent ?? "");
  for (const { name, files, test: file } of names)
    for (const part of [name, file, ...files]) expect(text).toContain(part);
});

test("the record on the page has the fields of the schema, and no other", async ({ page }) => {
  await page.goto("/security");
  const cells = await section(page, "row").locator("tbody tr td:last-child").allInnerTexts();
  const schema = UsageRow.keyof().options.flatMap((key) =>
    key === "tokens"
      ? UsageRow.shape.tokens.keyof().options.map((kind) => `tokens.${kind}`)
      : [key],
  );
  // The table of proofs follows; the record comes first.
  expect(cells.slice(0, schema.length).map((text) => text.trim())).toEqual(schema);
  expect(recordFields()).toHaveLength(schema.length);
});

test("the preview of a key on the page is as long as the one that is stored", async ({ page }) => {
  await page.goto("/security");
  const row = section(page, "stored").locator("tr", {
    has: page.getByText("Your key", { exact: true }),
  });
  const keyText = /sk-onekey-[^,]+/.exec(await row.innerText())?.[0] ?? "";
  expect(previewOf(keyText.replace("…", "0".repeat(41)))).toBe(keyText);
});

test("the database forgets rows, ids and sessions after as many days as the page says", async ({
  page,
}) => {
  await page.goto("/security");
  const days = async (topic: string) => {
    const row = section(page, "stored").locator("tr", {
      has: page.getByText(topic, { exact: true }),
    });
    return Number(/(\d+) days/.exec(await row.innerText())?.[1]);
  };
  const expiry = async (collection: string) => {
    const indexes = await (await database()).collection(collection).indexes();
    return (
      Number(indexes.find((index) => index.expireAfterSeconds !== undefined)?.expireAfterSeconds) /
      86_400
    );
  };
  expect(await days("Each request")).toBe(await expiry("usage"));
  expect(await days("Responses that a provider keeps for you")).toBe(await expiry("stored"));
  expect(await expiry("sessions")).toBe(0);
  expect(await section(page, "row").innerText()).toContain(
    `kept for ${await expiry("usage")} days`,
  );
});

test("every collection of the database is on the page", async () => {
  const onPage = new Set(allRows.flatMap(({ collections }) => collections));
  const live = (await (await database()).listCollections().toArray()).map(({ name }) => name);
  const inSource = readdirSync(path.join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("db/"))
    .flatMap((file) => [
      ...readFileSync(path.join(ROOT, "lib", file), "utf8").matchAll(
        /\bcollection(?:<[^>]*>)?\("(\w+)"\)/g,
      ),
    ])
    .map((match) => match[1] ?? "");
  expect(inSource).toContain("accounts");
  const missing = [...new Set([...live, ...inSource])].filter(
    (name) => !onPage.has(name) && name !== "meta",
  );
  expect(missing).toEqual([]);
});

test("every field of an account is on the page", () => {
  const onPage = new Set(storedRows.flatMap(({ fields = [] }) => fields));
  expect(Account.keyof().options.filter((field) => !onPage.has(field))).toEqual([]);
});

test("free requests and their worth are those of a new account", async ({ page }) => {
  const { email } = await createCustomer();
  const account = await (await database()).collection<Account>("accounts").findOne({ email });
  const summary = (await onekey("account", "show", "--email", email)) as { freeRequests: number };
  await page.goto("/security");
  const text = await section(page, "trust").innerText();
  expect(text).toContain(`${summary.freeRequests} free requests`);
  expect(text).toContain(`${formatUsd(account?.free.credits ?? 0)} at list price`);
});

test("shared prompt caches and what keeps a customer's prompts together are on the page", async ({
  page,
}) => {
  await page.goto("/security");
  const text = await section(page, "costs").innerText();
  expect(text).toMatch(/all customers of this server share its credentials/);
  expect(text).toMatch(/prompt_cache_key .* forwarded unchanged/);
});

test("no page but sign-in sets a cookie, and reading the site leaves none", async ({ page }) => {
  for (const path of [
    "/",
    "/models",
    "/models/gpt-6.1-sol",
    "/pricing",
    "/security",
    "/privacy",
    "/terms",
    "/contact",
  ]) {
    const response = await page.goto(path);
    expect(response?.headers(), path).not.toHaveProperty("set-cookie");
  }
  expect(await page.context().cookies()).toEqual([]);
});

test("every provider of the catalogue has its policy on the page, and no other", async ({
  page,
}) => {
  const catalog = readFileSync(path.join(ROOT, "lib/catalog/models.json"), "utf8");
  const models = JSON.parse(catalog) as { provider: string }[];
  const providers = new Set(models.map(({ provider }) => provider));
  expect(new Set(providerIds())).toEqual(providers);
  await page.goto("/security");
  const table = section(page, "providers").getByRole("table", {
    name: "Providers and their policies",
  });
  await expect(table.locator("tbody tr")).toHaveCount(providers.size);
  for (const { name, href, policy } of listProviders().map((record) => record.policy)) {
    await expect(table.getByRole("cell", { name, exact: true })).toBeVisible();
    await expect(table.getByRole("link", { name: policy, exact: true })).toHaveAttribute(
      "href",
      href,
    );
  }
});

test("the infrastructure on the page is that of the deployment", async ({ page }) => {
  const live = {
    ONEKEY_MODE: "live",
    CONTACT_EMAIL: "help@example.com",
    OPENAI_API_KEY: "sk-1",
    NEXTAUTH_URL: "https://onekey.example",
    NEXTAUTH_SECRET: "s".repeat(32),
    KEY_PEPPER: "p".repeat(32),
  };
  const rows = (settings: Record<string, string>, address = "https://onekey.example") => {
    const env = { ...parseEnv({ ...live, ...settings }), keyPepper: "", nextauthSecret: "" };
    const facts = factsOf({ env, address, sessionCookie: "session" });
    const components: Record<string, string | null> = Object.fromEntries(
      facts.infrastructure.map(({ component, provider }) => [component, provider]),
    );
    return { ...facts, components };
  };
  const bare = rows({});
  expect(bare.cloudflare).toBe(false);
  expect(bare.components).toMatchObject({
    "CDN and DDoS protection": null,
    "Account database": "Embedded in OneKey",
    "Wallets on other devices": null,
    Analytics: null,
    Consent: null,
  });
  expect(bare.pairsWallets).toBe(false);
  expect(bare.database.atRest).toContain("does not encrypt");
  expect(rows({}, "http://127.0.0.1:3000").toClient).toContain("Plain HTTP");
  const fullRows = rows({
    CLIENT_ADDRESS_HEADER: "cf-connecting-ip",
    MONGODB_URI: "mongodb+srv://u:p@cluster0.abcde.mongodb.net/onekey",
    GTM_ID: "GTM-1",
    COOKIEBOT_ID: "id",
    TREASURY_ADDRESS: `0x${"1".repeat(40)}`,
    BASE_RPC_URL: "https://base.example",
    WALLETCONNECT_PROJECT_ID: "a".repeat(32),
  });
  expect(fullRows.components).toMatchObject({
    "CDN and DDoS protection": "Cloudflare",
    "Account database": "MongoDB Atlas",
    "Wallets on other devices": "WalletConnect",
    Analytics: "Google Analytics 4, by GTM",
    Consent: "Cookiebot",
  });
  expect(fullRows.database.atRest).toContain("SOC 2 Type II");
  // A host that only looks like Atlas is the operator's own server.
  expect(
    rows({ MONGODB_URI: "mongodb://mongodb.net.example/x" }).components["Account database"],
  ).toBe("MongoDB");

  await page.goto("/security");
  const cells = await section(page, "infra")
    .getByRole("table", { name: "Infrastructure" })
    .innerText();
  expect(cells).toContain("Embedded in OneKey");
  expect(cells).not.toContain("Atlas");
  expect(await section(page, "infra").innerText()).toContain("a sandbox");
});

test("security.txt says where to report, and until when it holds", async ({ request }) => {
  const response = await request.get("/.well-known/security.txt");
  expect(response.headers()["content-type"]).toContain("text/plain");
  const lines = new Map(
    (await response.text())
      .trim()
      .split("\n")
      .map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]),
  );
  expect(lines.get("Contact")).toBe(`${deployment.origin}/contact`);
  expect(lines.get("Canonical")).toBe(`${deployment.origin}/.well-known/security.txt`);
  const days = (Date.parse(lines.get("Expires") ?? "") - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(30);
  expect(days).toBeLessThan(365);
  expect((await request.get(lines.get("Policy") ?? "")).status()).toBe(200);
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("every public page reads in full", async ({ page }) => {
    for (const [path, text] of [
      ["/", "List price, no markup."],
      ["/security", "There is no setting that turns body logging on."],
      ["/models", "gpt-6.1-sol"],
      ["/models/claude-sonnet-5-5", "client.messages.create"],
      ["/pricing", "1,000 requests to"],
      ["/privacy", "Who else receives it"],
      ["/terms", "A credit is one prepaid dollar"],
      ["/contact", "Report a vulnerability"],
    ] as const) {
      await page.goto(path);
      await expect(page.locator("main").getByText(text).first(), path).toBeVisible();
    }
  });
});
