import { checkEverywhere, database, expect, deployment, test, type Customer } from "./fixtures";
import { openRequest } from "./usage-rows";

/** Sends a chat stream that does not ask for its usage; returns the request's id and what came. */
async function sendStream({ key }: Customer): Promise<{ id: string; text: string }> {
  const response = await fetch(`${deployment.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "gpt-6-luna",
      stream: true,
      max_completion_tokens: 200,
      messages: [{ role: "user", content: "Hello" }],
    }),
  });
  expect(response.status).toBe(200);
  return {
    id: response.headers.get("x-onekey-request-id") ?? "",
    text: await response.text(),
  };
}

/** An account whose requests cost credits, so that its rows show what was charged. */
async function endFreeRequests({ accountId }: Customer): Promise<void> {
  await (
    await database()
  )
    .collection<{ _id: string }>("accounts")
    .updateOne({ _id: accountId }, { $set: { "free.requests": 0 } });
}

test("an estimated request says what was counted, and how to be billed exactly", async ({
  page,
  signedIn,
}) => {
  const account = await signedIn({ credits: "1" });
  await endFreeRequests(account);
  const { id, text } = await sendStream(account);
  expect(text).not.toContain("prompt_tokens");
  await openRequest(page, id);
  await expect(page.getByText("estimated: the provider stated none")).toBeVisible();
  await expect(page.getByText("switch on exact stream usage for the project")).toBeVisible();
  await checkEverywhere(page, `/dashboard/usage/${id}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto("/dashboard/usage");
  const mark = page.getByRole("link", { name: "estimated" }).first();
  await expect(mark).toHaveAttribute("title", /^The provider stated no usage\./);
  await mark.click();
  await expect(page.getByRole("heading", { name: "How an estimate is counted" })).toBeInViewport();
});

test("a project's exact stream usage holds from the next request on", async ({
  page,
  signedIn,
}) => {
  const account = await signedIn({ credits: "1" });
  const projectPath = `/dashboard/projects/${account.project}`;
  await page.goto(projectPath);
  const exactUsage = page.getByRole("checkbox", { name: /^Exact stream usage/ });
  await expect(exactUsage).not.toBeChecked();
  await exactUsage.check();
  const panel = page.locator("form").filter({ has: exactUsage });
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByRole("status")).toHaveText("Saved");
  await page.reload();
  await expect(exactUsage).toBeChecked();

  const exact = await sendStream(account);
  expect(exact.text).toContain("[DONE]");
  expect(exact.text).not.toContain("prompt_tokens");
  await openRequest(page, exact.id);
  await expect(page.getByText("as the provider states it")).toBeVisible();

  await page.goto(projectPath);
  await exactUsage.uncheck();
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByRole("status")).toHaveText("Saved");
  await openRequest(page, (await sendStream(account)).id);
  await expect(page.getByText("estimated: the provider stated none")).toBeVisible();
});
