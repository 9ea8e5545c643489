// Longer than 300 lines: most tests read one past of 1,200 requests, which is made once.

import type { Locator, Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import type { UsageRow } from "@/lib/usage/schema";
import { formatCount } from "@/lib/format";
import {
  auditProblems,
  checkEverywhere,
  createCustomer,
  database,
  expect,
  signIn,
  deployment,
  test,
  type Customer,
} from "./fixtures";
import { givePast, openRequest, takePast } from "./usage-rows";

const DAY_MS = 86_400_000;

async function download(page: Page, format: RegExp): Promise<string> {
  await page.getByText("Export", { exact: true }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: format }).click(),
  ]);
  return readFile(await file.path(), "utf8");
}

/** What a row of the table of sums says: its name, requests and cost. */
async function sums(page: Page, name: string): Promise<{ requests: string; cost: string }> {
  const row = page.getByRole("row").filter({ has: page.getByRole("cell", { name, exact: true }) });
  const cells = await row.getByRole("cell").allInnerTexts();
  return { requests: cells[1] ?? "", cost: (cells[5] ?? "").trim() };
}

const dollars = (rows: UsageRow[]) => {
  const nano = rows.reduce((sum, row) => sum + row.cost, 0);
  return `$${(nano / 1e9).toFixed(6)}`;
};

test("A request's row is on the page a moment later, and a free one costs nothing", async ({
  page,
  signedIn,
}) => {
  const { key } = await signedIn();
  await page.goto("/dashboard/usage");
  await expect(page.getByRole("heading", { name: "No requests yet" })).toBeVisible();
  const response = await fetch(`${deployment.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "claude-haiku-5-5",
      messages: [{ role: "user", content: "Hello" }],
    }),
  });
  expect(response.status).toBe(200);
  const id = response.headers.get("x-onekey-request-id") ?? "";
  await expect(async () => {
    await page.reload();
    await expect(
      page.getByRole("table", { name: "Requests, newest first" }).locator("tbody tr"),
    ).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await expect(page.getByText("free", { exact: true })).toBeVisible();
  const search = page.getByRole("searchbox", { name: "Find a request by its id" });
  await search.fill(id);
  await search.press("Enter");
  await expect(page).toHaveURL(`${deployment.origin}/dashboard/usage/${id}`);
  await expect(page.getByText("claude-haiku-5-5").first()).toBeVisible();
});

test.describe("with a past of 1,200 requests", () => {
  let me: Customer;
  let rows: UsageRow[];
  test.beforeAll(async () => {
    me = await createCustomer();
    rows = await givePast(me, { count: 1_200, days: 60 });
  });
  test.beforeEach(async ({ page }) => void (await signIn(page, me)));
  const since = (days: number) => {
    const from = Math.floor(Date.now() / DAY_MS) * DAY_MS - (days - 1) * DAY_MS;
    return rows.filter((row) => row.at.getTime() >= from);
  };

  test("the figures are the sums of the rows, over closed days and today", async ({ page }) => {
    await page.goto("/dashboard/usage");
    const month = since(30);
    expect(await sums(page, "Total")).toEqual({
      requests: formatCount(month.length),
      cost: dollars(month),
    });

    await page.getByLabel("Range").selectOption("90");
    await expect(page).toHaveURL(/range=90/);
    await expect(page.getByText("1,200 in this range")).toBeVisible();
    expect(await sums(page, "Total")).toEqual({ requests: "1,200", cost: dollars(rows) });

    await page.getByText("Filter", { exact: true }).click();
    await page.getByLabel("Model", { exact: true }).selectOption("grok-4.7");
    await expect(page).toHaveURL(/model=grok-4\.7/);
    const grok = rows.filter((row) => row.model === "grok-4.7");
    await expect(page.getByText(`${formatCount(grok.length)} in this range`)).toBeVisible();
    expect(await sums(page, "Grok 4.7")).toEqual({
      requests: formatCount(grok.length),
      cost: dollars(grok),
    });

    await page.getByLabel("Ended").selectOption("client_left");
    const disconnects = grok.filter((row) => row.endedBy === "client_left");
    await expect(page.getByText(`${disconnects.length} in this range`)).toBeVisible();
    await page.reload();
    expect(await sums(page, "Total")).toEqual({
      requests: String(disconnects.length),
      cost: dollars(disconnects),
    });
    await expect(page.getByLabel("Ended")).toHaveValue("client_left");

    await page.getByRole("link", { name: "Project", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Spend per day by project" })).toBeVisible();
    await page
      .getByRole("navigation", { name: "Measure" })
      .getByRole("link", { name: /^Requests/ })
      .click();
    await expect(page.getByRole("heading", { name: "Requests per day by project" })).toBeVisible();
    expect((await sums(page, "First project")).requests).toBe(String(disconnects.length));
    await page.getByText("These figures as a table").click();
    const table = page.getByRole("table", { name: "Requests per day by project" });
    const totals = await table.locator("tbody tr td:last-child").allInnerTexts();
    expect(totals.reduce((sum, text) => sum + Number(text), 0)).toBe(disconnects.length);
  });

  test("Paging shows every row once, and back again", async ({ page }) => {
    await page.goto("/dashboard/usage?range=7");
    const ids = since(7).map((row) => row._id);
    const read = () =>
      page
        .locator('a[href^="/dashboard/usage/req_"]')
        .evaluateAll((links) => links.map((link) => link.getAttribute("href")?.split("/").at(-1)));
    const older = page.getByRole("link", { name: "Older" });
    const firstIds = await read();
    expect(firstIds).toHaveLength(50);
    while ((await older.count()) > 0) {
      const [last] = (await read()).slice(-1);
      await older.click();
      await expect(page.locator(`a[href="/dashboard/usage/${last}"]`)).toHaveCount(0);
      firstIds.push(...(await read()));
    }
    expect(firstIds).toEqual(ids);
    await expect(page.getByText(`${ids.length} of ${ids.length}`)).toBeVisible();
    await page.getByRole("link", { name: "Newer" }).click();
    await expect(page.getByText(/^\d+ to \d+ of/)).not.toContainText(`${ids.length} of`);
    const back = await read();
    expect(back).toEqual(
      ids.slice(ids.indexOf(String(back[0])), ids.indexOf(String(back[0])) + 50),
    );
  });

  test("both exports are the rows of the filters, without a formula for a spreadsheet", async ({
    page,
  }) => {
    const name = '=HYPERLINK("https://evil.example")';
    await (
      await database()
    )
      .collection("accounts")
      .updateOne({ email: me.email }, { $set: { "projects.0.name": name } });
    const month = since(30).filter((row) => row.model === "claude-haiku-5-5");
    await page.goto("/dashboard/usage?model=claude-haiku-5-5&measure=tokens");
    const list = JSON.parse(await download(page, /^JSON/)) as Record<string, unknown>[];
    expect(list.map(({ id, cost_nano }) => [id, cost_nano])).toEqual(
      month.map(({ _id, cost }) => [_id, cost]),
    );
    const lines = (await download(page, /^CSV/)).trimEnd().split("\r\n");
    expect(lines).toHaveLength(month.length + 1);
    expect(lines[1]).toContain(`"'=HYPERLINK(""https://evil.example"")"`);
    for (const line of lines.slice(1)) expect(line).not.toMatch(/(^|,)"?[=+\-@]/);
  });

  test("on a phone the filters are two lines, and Esc closes their panel", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto("/dashboard/usage");
    const filter = page.getByText("Filter", { exact: true });
    const topOf = async (locator: Locator) => (await locator.boundingBox())?.y;
    expect(await topOf(filter)).toBe(
      await topOf(page.getByText("Compare", { exact: true }).locator("..")),
    );
    await filter.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("searchbox", { name: "Find a request by its id" })).toBeVisible();
    await page.getByLabel("Model", { exact: true }).selectOption("grok-4.7");
    await expect(page).toHaveURL(/model=grok-4\.7/);
    await page.getByLabel("Model", { exact: true }).press("Escape");
    await expect(page.getByLabel("Model", { exact: true })).toBeHidden();
    await expect(filter).toBeFocused();
    await page.getByRole("link", { name: /^Remove the filter Model/ }).click();
    await expect(page).not.toHaveURL(/model=/);
  });

  test("absurd days are reported on the page and by the export, and nothing is exported", async ({
    page,
  }) => {
    await page.goto("/dashboard/usage?range=custom&from=9999-12-31");
    await expect(page.getByRole("alert").filter({ hasText: "is after the last" })).toBeVisible();
    await expect(page.getByText("The page shows the last 30 days instead.")).toBeVisible();
    const ask = async (query: string) => {
      const response = await page.request.get(`/dashboard/usage/export?format=csv&${query}`);
      return [response.status(), await response.text()];
    };
    expect(await ask("from=2026-02-30&to=2026-03-01")).toEqual([
      400,
      expect.stringContaining("is not a day"),
    ]);
    expect(await ask("from=0000-00-00")).toEqual([400, expect.stringContaining("is not a day")]);
    expect(await ask("from=1970-01-01")).toEqual([
      400,
      expect.stringContaining("Rows are kept for 90 days"),
    ]);
    expect(await ask("to=9999-12-31")).toEqual([400, expect.stringContaining("still to come")]);
    expect(await ask("range=forever")).toEqual([
      400,
      expect.stringContaining("A range is 1, 3, 7, 30 or 90"),
    ]);
    expect(await ask("ended=badly")).toEqual([400, expect.stringContaining("client_left")]);
    expect((await page.request.get("/dashboard/usage/export?format=xml")).status()).toBe(400);
  });

  test("Another account's row, project and export are the same 404 as a missing one", async ({
    page,
    browser,
  }) => {
    const otherCustomer = await createCustomer();
    const context = await browser.newContext({ baseURL: deployment.origin });
    const stranger = await context.newPage();
    await signIn(stranger, otherCustomer);
    const ask = async (path: string) => {
      if (path.includes("/export")) {
        const response = await stranger.request.get(path);
        return { status: response.status(), text: (await response.text()).length };
      }
      const response = await stranger.goto(path);
      await expect(
        stranger.getByRole("heading", { name: "There is nothing at this address" }),
      ).toBeVisible();
      return { status: response?.status(), text: await stranger.locator("body").innerText() };
    };
    for (const [theirs, missing] of [
      [`/dashboard/usage/${rows[0]?._id}`, "/dashboard/usage/req_0000000000000000000000"],
      [
        `/dashboard/usage?project=${me.project}`,
        "/dashboard/usage?project=prj_0000000000000000000000",
      ],
      [
        `/dashboard/usage/export?format=csv&project=${me.project}`,
        "/dashboard/usage/export?format=csv&project=prj_0000000000000000000000",
      ],
    ] as const) {
      const response = await ask(theirs);
      expect(response.status, theirs).toBe(404);
      expect(await ask(missing)).toEqual(response);
    }
    const response = await stranger.request.get(
      `/dashboard/usage/export?format=json&range=90&accountId=${me.accountId}`,
    );
    expect(await response.json()).toEqual([]);
    await stranger.goto(`/dashboard/usage?q=${rows[0]?._id}`);
    await expect(stranger.getByText("There is no request with the id")).toBeVisible();
    await context.clearCookies();
    const signedOut = await stranger.request.get("/dashboard/usage/export?format=csv", {
      maxRedirects: 0,
    });
    expect(signedOut.status()).toBe(307);
    expect(signedOut.headers().location).toMatch(/\/sign-in\?next=/);
    await context.close();
    await page.goto(`/dashboard/usage/${rows[0]?._id}`);
    await expect(
      page.getByRole("definition").filter({ hasText: rows[0]?.model ?? "" }),
    ).toBeVisible();
  });

  test("Errors, latency and hours can be read, and a color stays with its series", async ({
    page,
  }) => {
    await page.goto("/dashboard/usage?range=3");
    await expect(page.getByRole("heading", { name: "Spend per hour by model" })).toBeVisible();
    await page.getByLabel("Range").selectOption("hour");
    await expect(page.getByRole("heading", { name: "Spend per minute by model" })).toBeVisible();
    // An estimate is one mark in its line, which leads to how it is counted.
    await page.goto("/dashboard/usage?range=90&ended=client_left");
    const mark = page.getByRole("link", { name: "est. (estimated)" }).first();
    await expect(mark).toHaveAttribute("href", "/docs/estimates#how-an-estimate-is-counted");
    await expect(mark).toHaveAttribute("title", /counted from what passed, never above the hold/);
    await page.goto("/dashboard/usage?range=90&measure=errors&by=ending");
    const failures = rows.filter((row) => row.endedBy === "provider_error");
    const row = (name: string) =>
      page.getByRole("row").filter({ has: page.getByRole("cell", { name, exact: true }) });
    await expect(row("provider error").getByRole("cell").nth(2)).toHaveText(
      String(failures.length),
    );
    await expect(row("Total").getByRole("cell").nth(2)).toHaveText(String(failures.length));
    await expect(page.getByRole("heading", { name: "Requests with errors" })).toBeVisible();
    await expect(page.getByText(`${failures.length} in this range`)).toBeVisible();

    await page.goto("/dashboard/usage?range=90&measure=latency&by=provider");
    const latencies = rows
      .filter((entry) => entry.provider === "xai" && entry.endedBy === "complete")
      .map((entry) => entry.latencyMs)
      .toSorted((a, b) => a - b);
    const p95 = latencies[Math.ceil(latencies.length * 0.95) - 1] ?? 0;
    const latencyText = await row("xAI").getByRole("cell").nth(5).innerText();
    expect(Math.abs(Number(latencyText.replace(" s", "")) * 1_000 - p95) / p95).toBeLessThan(0.06);

    const colors = new Set<string>();
    for (const query of ["", "&measure=tokens", "&measure=requests", "&ended=complete"]) {
      await page.goto(`/dashboard/usage?range=30${query}`);
      const key = row("Grok 4.7").locator("span[aria-hidden]").first();
      colors.add((await key.getAttribute("class")) ?? "");
    }
    expect(colors.size).toBe(1);
    await page.getByRole("link", { name: "Grok 4.7" }).click();
    await expect(page).toHaveURL(/model=grok-4\.7/);
    await checkEverywhere(page, "/dashboard/usage?range=1&measure=latency");
  });

  test("A request's cost can be redone by hand, and a failed one says why it ended", async ({
    page,
  }) => {
    const customer = await createCustomer({ credits: "1" });
    const answer = await fetch(`${deployment.origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${customer.key}`, "content-type": "application/json" },
      body: JSON.stringify({
        model: "claude-haiku-5-5",
        messages: [{ role: "user", content: "Hello" }],
      }),
    });
    const id = answer.headers.get("x-onekey-request-id") ?? "";
    await answer.text();
    await signIn(page, customer);
    await openRequest(page, id);
    const integers = await page.getByText(/ = [\d,]+ nano-credits$/).innerText();
    const [products = "", total = ""] = integers.replaceAll(",", "").split(" = ");
    const sum = [...products.matchAll(/(\d+) × (\d+)/g)].reduce(
      (all, [, count, price]) => all + BigInt(count ?? 0) * BigInt(price ?? 0),
      0n,
    );
    expect((sum + 999_999n) / 1_000_000n).toBe(BigInt(total.split(" ")[0] ?? 0));
    const figuresOf = (name: string) =>
      page
        .locator("section")
        .filter({ has: page.getByRole("heading", { name, exact: true }) })
        .locator("dl > div")
        .evaluateAll((parts) =>
          parts.map((part) =>
            Math.round(
              Number(part.querySelector("dd")?.textContent.replaceAll(/[^\d.]/g, "")) * 1e9,
            ),
          ),
        );
    const [hold = 0, charge = 0, rest = 0] = await figuresOf("Held and charged");
    expect(hold - charge).toBe(rest);
    expect(rest).toBeGreaterThan(0);
    const [totalTime = 0, ...times] = (await figuresOf("Time")).toReversed();
    expect(times).toHaveLength(3);
    expect(times.reduce((all, time) => all + time, 0)).toBe(totalTime);
    await checkEverywhere(page, `/dashboard/usage/${id}`);

    await signIn(page, me);
    const failures = rows.find((row) => row.endedBy === "provider_error");
    await page.goto(`/dashboard/usage/${failures?._id}`);
    await expect(page.getByText(/responded with 529\. Nothing was charged\./)).toBeVisible();
  });

  test("The page reads at every width in both themes", async ({ page }) => {
    await checkEverywhere(page, "/dashboard/usage?range=90");
  });
});

test("Rows older than 90 days are gone, and the books still balance by the frozen days", async () => {
  const old = await createCustomer({ credits: "1" });
  const rows = await givePast(old, { count: 300, days: 85 });
  const usage = (await database()).collection<UsageRow>("usage");
  // What the expiry will have deleted in a month.
  await usage.deleteMany({
    accountId: old.accountId,
    at: { $lt: new Date(Date.now() - 60 * DAY_MS) },
  });
  // The audit covers all accounts, and other tests are changing theirs.
  const readProblems = async () =>
    (await auditProblems()).filter((problem) => problem.includes(old.accountId));
  expect(await readProblems()).toEqual([]);
  await usage.deleteOne({ _id: rows[0]?._id ?? "" });
  expect(await readProblems()).toHaveLength(1);
  await takePast(old, rows);
});

test("the page over 1,000,000 rows counts all of them", { tag: "@long" }, async ({ page }) => {
  test.setTimeout(900_000);
  const customer = await createCustomer();
  const rows = await givePast(customer, { count: 1_000_000, days: 85 });
  await signIn(page, customer);
  const response = await page.request.get("/dashboard/usage?range=90");
  expect(await response.text()).toContain("1,000,000 in this range");
  await takePast(customer, rows);
});
