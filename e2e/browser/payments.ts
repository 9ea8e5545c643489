import type { Page } from "@playwright/test";
import { database } from "./fixtures";

export const CREDITS_PAGE = "/dashboard/credits";
/** Twelve confirmations at a block a second and the page's own rhythm, on a machine that may be busy. */
export const CREDITED_WITHIN = { timeout: 90_000 };

export const walletPanel = (page: Page) =>
  page.locator("section", { has: page.getByRole("heading", { name: "Buy by wallet" }) });

/** The balance of an account, in nano-credits. */
export async function creditsOf(accountId: string): Promise<number> {
  const accounts = (await database()).collection<{ _id: string; credits: number }>("accounts");
  return (await accounts.findOne({ _id: accountId }))?.credits ?? -1;
}
