import type { Page } from "@playwright/test";
import type { UsageRow } from "@/lib/usage/schema";
import { database, expect, onekey, type Customer } from "./fixtures";

const DAY_MS = 86_400_000;
const MODELS = [
  ["claude-sonnet-5-5", "anthropic", 21_000_000],
  ["gpt-6.1-sol", "openai", 19_000_000],
  ["gemini-3.8-flash", "google", 7_300_000],
  ["grok-4.7", "xai", 22_000_000],
  ["claude-haiku-5-5", "anthropic", 630_000],
] as const;

/** A row of the past, as a request would have left it; `n` decides what it is. */
export function pastRow(customer: Customer, at: number, n: number): UsageRow {
  const [model, provider, usual] = MODELS[(n * 7 + (n >> 3)) % MODELS.length] ?? MODELS[0];
  const isRefused = n % 97 === 13;
  const isDisconnected = n % 41 === 7;
  return {
    _id: `req_past${customer.accountId.slice(4, 12)}${String(n).padStart(8, "0")}`,
    accountId: customer.accountId,
    projectId: customer.project,
    at: new Date(at),
    model,
    provider,
    channel: `${provider}-1`,
    endpoint: "chat.completions",
    stream: n % 2 === 0,
    status: isRefused ? 529 : 200,
    endedBy: isRefused ? "provider_error" : isDisconnected ? "client_left" : "complete",
    tokens: {
      input: isRefused ? 0 : 800 + ((n * 37) % 6_000),
      cacheRead: isRefused || n % 3 === 0 ? 0 : 5_600,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: isRefused ? 0 : 300 + ((n * 13) % 900),
      reasoning: 0,
    },
    cost: isRefused ? 0 : usual + ((n * 7_919) % 900) * 1_000,
    free: false,
    latencyMs: 400 + ((n * 31) % 4_000),
    firstByteMs: 200,
    usageSource: isDisconnected ? "estimated" : "provider",
  };
}

/** Gives an account a past of `count` rows over `days` days, with the books to match, and sums the closed days up. */
export async function givePast(
  customer: Customer,
  { count, days }: { count: number; days: number },
): Promise<UsageRow[]> {
  const now = Date.now();
  const step = (days * DAY_MS - 3_600_000) / count;
  const rows = Array.from({ length: count }, (_, n) =>
    pastRow(customer, now - 1_000 - Math.floor(n * step), n),
  );
  await recordPast(customer, rows);
  await sumUp();
  return rows;
}

/** Records rows of an account, with the books to match. */
export async function recordPast(customer: Customer, rows: UsageRow[]): Promise<UsageRow[]> {
  const db = await database();
  const usage = db.collection<UsageRow>("usage");
  for (let from = 0; from < rows.length; from += 10_000)
    await usage.insertMany(rows.slice(from, from + 10_000));
  const charge = rows.reduce((sum, row) => sum + row.cost, 0);
  await onekey(
    "credits",
    "grant",
    "--email",
    customer.email,
    "--amount",
    (charge / 1e9).toFixed(9),
    "--reason",
    "the past",
  );
  await db
    .collection("accounts")
    .updateOne({ email: customer.email }, { $inc: { charged: charge, credits: -charge } });
  return rows;
}

/** Takes a past away again, from the books too. */
export async function takePast(customer: Customer, rows: UsageRow[]): Promise<void> {
  const db = await database();
  const { accountId } = customer;
  const charge = rows.reduce((sum, row) => sum + row.cost, 0);
  await db
    .collection("accounts")
    .updateOne({ email: customer.email }, { $inc: { charged: -charge, credits: charge } });
  await db.collection("usage").deleteMany({ accountId, _id: /^req_past/ as never });
  await db.collection("days").deleteMany({ accountId });
}

/** Sums up every day that has rows, also those before the deployment's first roll-up. */
export async function sumUp(): Promise<void> {
  await (await database()).collection("rollups").deleteMany({});
  await onekey("sweep");
}

/** Opens a request's page once it is settled: before that it is a 404, which the console of the page would report. */
export async function openRequest(page: Page, id: string): Promise<void> {
  const path = `/dashboard/usage/${id}`;
  await expect.poll(async () => (await page.request.get(path)).status()).toBe(200);
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Request of/);
}
