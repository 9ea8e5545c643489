import type { UsageRow } from "@/lib/usage/schema";
import { createCustomer, expect, test } from "./fixtures";
import { PAGE, accountPage, panel, signInOperator } from "./operator";
import { pastRow, recordPast, takePast } from "./usage-rows";

test("revenue, the largest accounts and the channels' latency are shown", async ({ page }) => {
  await signInOperator(page);
  const customer = await createCustomer();
  const row: UsageRow = { ...pastRow(customer, Date.now() - 1_000, 0), cost: 6_000_000_000_000 };
  const refusedRow = { ...row, _id: `${row._id}r`, cost: 0, status: 503, channel: "none" };
  const rows = await recordPast(customer, [row, { ...refusedRow, endedBy: "refused" }]);
  await page.goto(PAGE);
  const largest = page.getByRole("table", {
    name: "Accounts by what they were charged in 30 days",
  });
  await expect(largest.getByRole("row").nth(1)).toContainText(customer.email);
  await expect(largest.getByRole("row").nth(1)).toContainText("$6,000.000000");
  const revenue = panel(page, "Revenue, 30 days");
  await expect(revenue.getByRole("img", { name: /^Charged per day by provider/ })).toBeVisible();
  for (const term of ["Charged for usage", "Paid in", "Refunds and disputes", "Free requests"])
    await expect(revenue.getByRole("term").filter({ hasText: term })).toBeVisible();
  const provider = revenue.getByRole("row").filter({ hasText: "Anthropic" });
  await expect(provider).toContainText(/\$\d,\d{3}\.\d{6}/);
  await expect(page.getByRole("row").filter({ hasText: "no channel free" })).toContainText(
    "refused while every channel was in cooldown",
  );
  // Whether an hour was counted so far depends on the clock.
  await expect(panel(page, "Latency by channel")).toContainText(/p95, 30 days|in a full hour yet/);
  await largest.getByRole("link", { name: customer.email }).click();
  await expect(page).toHaveURL(accountPage(customer));
  await takePast(customer, rows);
});
