import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import {
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  expect,
  onekey,
  deployment,
  test,
} from "./fixtures";

const HOUR_MS = 3_600_000;

type StatusRow = {
  status?: number;
  endedBy?: string;
  firstByteMs?: number | null;
  provider?: string;
};

/** Rows of requests as they are after they were served, without sending them. */
async function recordRows(at: number, count: number, part: StatusRow = {}): Promise<void> {
  const { accountId, project } = await createCustomer();
  const rows = Array.from({ length: count }, (_, n) => ({
    _id: `req_${randomBytes(8).toString("hex")}`,
    accountId,
    projectId: project,
    at: new Date(at + n),
    model: "grok-4.7",
    provider: "xai",
    channel: "xai-1",
    endpoint: "chat.completions",
    stream: true,
    status: 200,
    endedBy: "complete",
    tokens: { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 90, reasoning: 0 },
    cost: 0,
    free: true,
    latencyMs: 2_000,
    firstByteMs: 1_140,
    ownMs: 4,
    usageSource: "provider",
    ...part,
  }));
  await (
    await database()
  )
    .collection<{ _id: string }>("usage")
    .insertMany(rows as { _id: string }[]);
}

test.describe.configure({ mode: "serial" });

/** The share and the number of requests under a strip of xAI. */
async function readStrip(page: Page, span: string): Promise<{ share: number; requests: number }> {
  const strip = page.getByRole("img", { name: `xAI, last ${span}` });
  const label = (await strip.getAttribute("aria-label")) ?? "";
  const figures = await strip.locator("xpath=following-sibling::p").innerText();
  return {
    share: Number(/([\d.]+)%$/.exec(label)?.[1]),
    requests: Number(/of ([\d,]+)/.exec(figures)?.[1]?.replaceAll(",", "")),
  };
}

test("the status page counts hours and days by provider, and states latencies", async ({
  page,
}) => {
  const hour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  // Other tests send requests to xAI as well, with errors among them: these are many more.
  await recordRows(hour - 3 * HOUR_MS, 9_900);
  await recordRows(hour - 3 * HOUR_MS, 100, { status: 503, endedBy: "provider_error" });
  await recordRows(hour - 49 * HOUR_MS, 6_000);
  // The servers of this deployment may have counted those hours before the rows were there.
  await (await database()).collection("health").deleteMany({});
  const { hours } = await onekey("sweep");
  expect(Number(hours)).toBeGreaterThan(40);
  const readDay = async () => {
    await page.goto("/status");
    return (await readStrip(page, "24 hours")).requests;
  };
  await expect.poll(readDay, { timeout: 90_000 }).toBeGreaterThanOrEqual(10_000);
  const day = await readStrip(page, "24 hours");
  expect(day.requests).toBeLessThan(11_000);
  expect(day.share).toBeGreaterThan(98.7);
  expect(day.share).toBeLessThan(99.2);
  const quarter = await readStrip(page, "90 days");
  expect(quarter.requests - day.requests).toBeGreaterThanOrEqual(6_000);
  expect(quarter.share).toBeGreaterThan(99.1);
  expect(quarter.share).toBeLessThan(99.5);
  const row = page
    .getByRole("table", { name: "Latency by provider" })
    .getByRole("row", { name: /xAI/ });
  await expect(row).toContainText("1.1 s");
  for (const part of ["API", "Dashboard and sign-in", "Payments"])
    await expect(page.getByRole("heading", { level: 3, name: part })).toBeVisible();
  await expect(page.getByText(/^adds .+ \(p50\), .+ \(p95\)$/)).toBeVisible();
  await expect(page.getByText(/so there is no figure for the past/)).toBeVisible();
  await expect(page.getByRole("img", { name: /^Payments, last 90 days/ })).toBeVisible();
  await checkEverywhere(page, "/status");
});

test("an incident that the operator opens is on the page, in the feed and in the JSON", async ({
  page,
  request,
}) => {
  const { incident } = (await onekey(
    "incident",
    "open",
    "--title",
    "xAI: more errors <than> usual",
    "--affected",
    "all Grok models",
    "--text",
    "xAI responds to a part of the requests with 503.",
  )) as { incident: { _id: string } };
  const readStatus = async () => {
    await page.goto("/status");
    return page.getByRole("heading", { level: 2 }).first().innerText();
  };
  await expect.poll(readStatus, { timeout: 90_000 }).toBe("xAI: more errors <than> usual");
  await expect(page.getByText("in progress")).toBeVisible();
  await checkPage(page, "an open incident");
  await onekey(
    "incident",
    "update",
    "--incident",
    incident._id,
    "--step",
    "identified",
    "--text",
    "xAI reports it.",
  );
  await onekey("incident", "resolve", "--incident", incident._id, "--text", "xAI is back.");
  await expect.poll(readStatus, { timeout: 90_000 }).not.toContain("xAI: more errors");
  const article = page.getByRole("article").filter({ hasText: "xAI: more errors" });
  await expect(article.getByRole("listitem")).toHaveText([/Resolved/, /Identified/, /Detected/]);
  const feed = await request.get("/status/feed.xml");
  expect(feed.headers()["content-type"]).toContain("application/atom+xml");
  expect(await feed.text()).toContain("<title>xAI: more errors &#60;than&#62; usual</title>");
  const json = (await (await request.get("/status.json")).json()) as {
    incidents: { id: string; ended_at: string | null }[];
    subjects: { name: string; days: unknown[]; own_p50_ms?: number }[];
    payments: { days: { paid: number; credited: number }[] };
  };
  expect(json.incidents[0]).toMatchObject({ id: incident._id });
  expect(json.subjects.map(({ name, days }) => [name, days.length])).toEqual([
    ["onekey", 90],
    ["openai", 90],
    ["anthropic", 90],
    ["google", 90],
    ["xai", 90],
  ]);
  expect(json.subjects[0]?.own_p50_ms).toBeGreaterThan(0);
  expect(json.payments.days).toHaveLength(90);
});

test("the status page names no customer and no credential", async ({ request }) => {
  const { accountId, project } = await createCustomer();
  const text =
    (await (await request.get("/status.json")).text()) +
    (await (await request.get("/status")).text());
  for (const secret of [accountId, project, "xai-1"]) expect(text).not.toContain(secret);
});

test("a model's page states its measured speed", async ({ page }) => {
  // Of the rows above: 90 tokens in 0.86 s, to the width of a bucket.
  const readModel = async () => {
    await page.goto("/models/grok-4.7");
    return page.getByRole("main").innerText();
  };
  await expect.poll(readModel, { timeout: 90_000 }).toMatch(/10\d tokens\/s/);
  await expect(page.getByText("first byte after 1.1 s, medians of 7 days")).toBeVisible();
});

test("the changelog can be filtered and has feeds", async ({ page, request }) => {
  await checkEverywhere(page, "/changelog");
  await page.goto("/changelog");
  await expect(
    page.getByRole("article").filter({ hasText: "Gemini 3.8 Flash" }).first(),
  ).toContainText("From 1 Jan 2027");
  await page.getByRole("link", { name: "Fixes" }).click();
  await expect(page).toHaveURL(/show=fixes$/);
  await expect(page.getByRole("heading", { name: "What was fixed in 0.1.0" })).toBeVisible();
  await expect(page.getByRole("article").filter({ hasText: "New model" })).toHaveCount(0);
  await page.getByRole("link", { name: "API", exact: true }).click();
  await expect(page).toHaveURL(/show=api$/);
  await expect(page.getByRole("link", { name: "API", exact: true })).toHaveAttribute(
    "aria-current",
  );
  await expect(
    page.getByRole("heading", { name: "What is new in the API in 0.1.0" }),
  ).toBeVisible();
  // The links are the page's own, so that the filter works without scripts.
  const bare = await (await request.get("/changelog?show=api")).text();
  expect(bare).toContain('href="/changelog?show=fixes"');
  expect(bare).not.toContain("What was fixed in 0.1.0");
  const atom = await (await request.get("/changelog/feed.xml?show=catalog")).text();
  expect(atom.match(/<entry>/g)?.length).toBeGreaterThan(10);
  expect(atom).not.toContain("What was fixed");
  const json = (await (await request.get("/changelog/feed.json")).json()) as {
    version: string;
    items: { url: string }[];
  };
  expect(json.version).toBe("https://jsonfeed.org/version/1.1");
  for (const { url } of json.items)
    expect(url.startsWith(`${deployment.origin}/changelog#`)).toBe(true);
});
