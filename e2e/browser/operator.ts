import type { Locator, Page, Request } from "@playwright/test";
import type { Account } from "@/lib/accounts/schema";
import type { OperatorAction } from "@/lib/operator-actions/schema";
import type { LedgerEntry } from "@/lib/ledger/schema";
import {
  auditProblems,
  database,
  expect,
  onekey,
  signIn,
  deployment,
  type Customer,
} from "./fixtures";

export const PAGE = "/dashboard/operator";
/** The one that the sandbox names where OPERATOR_EMAILS does not. */
export const OPERATOR = "demo@onekey.local";
export const TREASURY = "0x4f6e654b65790000000000000000000000000001";
export const accountPage = ({ accountId }: Pick<Customer, "accountId">) =>
  `${PAGE}/accounts/${accountId}`;

export const panel = (page: Page, name: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { name, exact: true }) });
export const auditLog = (page: Page) =>
  page.getByRole("table", { name: "Operator actions, newest first" });
export const accounts = async () => (await database()).collection<Account>("accounts");
export const accountOf = async ({ accountId }: Pick<Customer, "accountId">) =>
  (await accounts()).findOne({ _id: accountId });
export const grantsOf = async ({ accountId }: Customer) =>
  (await database()).collection<LedgerEntry>("ledger").find({ accountId, kind: "grant" }).toArray();
export const actionsOf = async ({ accountId }: Customer) =>
  (await database())
    .collection<OperatorAction>("acts")
    .find({ accountId })
    .sort({ at: 1 })
    .toArray();
export const problemsOf = async ({ accountId }: Customer) =>
  (await auditProblems()).filter((problem) => problem.startsWith(accountId));
export const statusOf = async (
  key: string,
  content = "Hello",
  model = "gpt-6-luna",
): Promise<number> => {
  const response = await fetch(`${deployment.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, max_tokens: 16, messages: [{ role: "user", content }] }),
  });
  await response.text();
  return response.status;
};

/** Signs the browser in as the operator; returns the session's token. */
export async function signInOperator(page: Page): Promise<{ accountId: string; token: string }> {
  const findOperator = () => accounts().then((all) => all.findOne({ email: OPERATOR }));
  // Another test may make it at the same time.
  if (!(await findOperator()))
    await onekey("account", "create", "--email", OPERATOR).catch(() => undefined);
  const accountId = (await findOperator())?._id ?? "";
  return { accountId, token: await signIn(page, { accountId }) };
}

const isAction = (request: Request) =>
  request.method() === "POST" && "next-action" in request.headers();

/** Presses a button, and returns what its action was sent, once the page shows that it is done. */
export async function pressForRequest(
  page: Page,
  press: () => Promise<void>,
  confirmation: Locator,
): Promise<Request> {
  const [request] = await Promise.all([page.waitForRequest(isAction), press()]);
  await expect(confirmation).toBeVisible();
  return request;
}

/** Sends an action once more by hand, with what is given instead of what the browser sent. */
export async function resendAction(
  request: Request,
  { token, origin = deployment.origin, change = (body: string) => body, path }: ResendMail,
): Promise<{ status: number; text: string }> {
  const {
    "next-action": action = "",
    "content-type": type = "",
    "next-router-state-tree": tree,
  } = request.headers();
  const response = await fetch(path === undefined ? request.url() : `${deployment.origin}${path}`, {
    method: "POST",
    headers: {
      "next-action": action,
      "content-type": type,
      accept: "text/x-component",
      ...(tree === undefined || path !== undefined ? {} : { "next-router-state-tree": tree }),
      ...(token === null ? {} : { cookie: `next-auth.session-token=${token}` }),
      ...(origin === null ? {} : { origin }),
    },
    body: change(request.postDataBuffer()?.toString("latin1") ?? ""),
  });
  return { status: response.status, text: await response.text() };
}
export type ResendMail = {
  token: string | null;
  origin?: string | null;
  change?: (body: string) => string;
  path?: string;
};

export async function grantCredits(
  page: Page,
  { amount, reason }: { amount: string; reason: string },
): Promise<void> {
  await panel(page, "Grant credits").getByLabel("Amount").fill(amount);
  await panel(page, "Grant credits").getByLabel("Reason").fill(reason);
  await panel(page, "Grant credits").getByRole("button", { name: "Grant" }).click();
}
