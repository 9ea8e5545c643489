import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Locator } from "@playwright/test";
import {
  checkEverywhere,
  checkPage,
  createCustomer,
  database,
  expect,
  signIn,
  deployment,
  test,
} from "./fixtures";
import { everyDocument } from "./sign-in";

const CANARY = "canary-playground-71c4";
const directive = (fields: Record<string, unknown>) => `[[sandbox: ${JSON.stringify(fields)}]]`;
const PLAYGROUND = "/dashboard/playground?model=gpt-6-luna";

test("a message is priced before it is sent, streams, and shows its figures and its row", async ({
  page,
  signedIn,
}) => {
  await signedIn();
  await page.goto("/models/claude-haiku-5-5");
  await page.getByRole("link", { name: "Try it" }).click();
  await expect(page).toHaveURL(/\/dashboard\/playground\?model=claude-haiku-5-5/);
  await expect(page.getByLabel("Model", { exact: true })).toHaveValue("claude-haiku-5-5");
  await page.getByLabel("System prompt").fill("Be brief.");
  const high = page.getByRole("button", { name: "High" });
  await high.click();
  await expect(high).toHaveAttribute("aria-pressed", "true");
  // Keyboard only from here on.
  await page.getByLabel("Message").focus();
  await page.keyboard.type("Why is the sky blue?");
  await expect(page.getByText(/^At most \$0\.0\d+$/)).toBeVisible();
  await page.keyboard.press("Enter");
  const answer = page.getByRole("region", { name: /^Answer of Claude Haiku/ });
  await expect(answer).toContainText(/sandbox/);
  await expect(answer.getByText("First token")).toBeVisible();
  await expect(answer.getByText(/tokens\/s/)).toBeVisible();
  await answer.getByText("Reasoning").click();
  await expect(answer).toContainText("The question is a short one.");
  await expect(answer).toContainText(/free, worth \$0\.\d+/);
  await expect(answer).toContainText(/in × \$[\d.]+ .*out × \$[\d.]+, per million tokens/);
  await checkPage(page, "an answer");

  await page.getByRole("button", { name: "Copy as" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("tab")).toHaveText(["curl", "TypeScript", "Python"]);
  await expect(dialog).toContainText("/v1/messages");
  await expect(dialog).toContainText("Why is the sky blue?");
  await page.keyboard.press("Escape");
  // A conversation asks before it is lost.
  page.on("dialog", (question) => void question.accept());
  await answer.getByRole("link").click();
  await expect(page).toHaveURL(/\/dashboard\/usage\/req_/);
});

test("three models answer side by side, Stop ends them, and their costs are compared", async ({
  page,
  signedIn,
}) => {
  const customer = await signedIn({ credits: "10" });
  await page.goto(`${PLAYGROUND}&model=claude-haiku-5-5&model=grok-4.7`);
  await page.getByLabel("Message").fill("Compare the two plans for me.");
  await expect(page.getByText(/^At most .* for 3 requests$/)).toBeVisible();
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("region", { name: /^Answer of/ })).toHaveCount(3);
  await expect(page.getByRole("heading", { name: "Costs compared" })).toBeVisible();
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(5);
  await page.getByRole("button", { name: "Remove Grok 4.7" }).click();
  await page.getByLabel("Message").fill(directive({ chunks: 300, chunkDelayMs: 100 }));
  await page.getByLabel("Message").press("Enter");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByText(/^Stopped\./)).toHaveCount(2);
  const usage = (await database()).collection("usage");
  await expect
    .poll(() => usage.countDocuments({ accountId: customer.accountId, endedBy: "client_left" }))
    .toBe(2);
});

test("a tool is called, its result is entered, and the model goes on", async ({
  page,
  signedIn,
}) => {
  await signedIn({ credits: "10" });
  await page.goto(PLAYGROUND);
  await page.getByLabel("Tools").fill("[{");
  await expect(page.getByText(/^This is not valid JSON/)).toBeVisible();
  await page.getByLabel("Tools").fill(
    JSON.stringify([
      {
        name: "get_order",
        parameters: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      },
    ]),
  );
  await expect(page.getByText(/The model may call get_order/)).toBeVisible();
  await page.getByLabel("Message").fill("Was order 7731 delivered?");
  await page.getByLabel("Message").press("Enter");
  await expect(page.getByText("The model calls get_order")).toBeVisible();
  await expect(page.getByText('{"id":"7731"}')).toBeVisible();
  await page.getByLabel("Result of get_order").fill('{"status":"delivered"}');
  await page.getByRole("button", { name: "Send result" }).click();
  await expect(page.getByText('The tool returned: {"status":"delivered"}')).toBeVisible();
});

test("structured output, an image that was dropped, and a file that the model does not take", async ({
  page,
  signedIn,
}) => {
  await signedIn({ credits: "10" });
  await page.goto("/dashboard/playground?model=grok-4.7");
  await page.getByRole("button", { name: "Schema" }).click();
  await drop(page.getByRole("log"), [
    { name: "dot.png", type: "image/png", base64: PIXEL },
    { name: "paper.pdf", type: "application/pdf", base64: "JVBERi0xLjQ=" },
  ]);
  await expect(page.getByText("paper.pdf: Grok 4.7 does not take PDF files.")).toBeVisible();
  await expect(page.getByRole("list", { name: "Attached files" })).toContainText("dot.png");
  await page.getByLabel("Message").fill("What does the image show?");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByText('{"summary":"A sample value from the sandbox"}')).toBeVisible();
  await expect(page.getByRole("img", { name: "dot.png" })).toBeVisible();
  // Reset takes every parameter back, and keeps the conversation.
  const maxOutput = page.getByLabel("Maximum output as a number");
  await maxOutput.fill("100");
  await maxOutput.press("Enter");
  const reset = page.getByRole("button", { name: "Reset parameters" });
  await reset.click();
  await expect(maxOutput).toHaveValue("4,096");
  await expect(page.getByRole("button", { name: "Text", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(page.getByLabel("JSON schema")).toHaveCount(0);
  await expect(reset).toBeDisabled();
  await expect(page.getByRole("img", { name: "dot.png" })).toBeVisible();
});

test("images, speech and embeddings have simple forms", async ({ page, signedIn }) => {
  await signedIn({ credits: "10" });
  for (const [model, field, result] of [
    ["gpt-image-2", "Description", page.getByRole("img", { name: "Result 1" })],
    ["gpt-4o-mini-tts", "Text", page.getByLabel("Generated speech")],
    ["text-embedding-3-small", "Texts", page.getByText(/^Text 1, 3 dimensions$/)],
  ] as const) {
    await page.goto(`/dashboard/playground?model=${model}`);
    await page.getByLabel(field, { exact: true }).fill("A quiet harbor at dawn");
    await expect(page.getByText(/^At most/)).toBeVisible();
    await page.getByRole("button", { name: "Send" }).click();
    await expect(result).toBeVisible();
    await expect(page.getByRole("region", { name: "Result" })).toContainText("Cost");
  }
});

test.describe("a canary", () => {
  // The browser reports the failure that the test asks for.
  test.use({ allowedConsole: [/status of 400/] });

  test("what is written in the playground is in no row, log, file, cache or storage", async ({
    page,
    signedIn,
  }) => {
    await signedIn({ credits: "10" });
    await page.goto(PLAYGROUND);
    await page.getByLabel("System prompt").fill(`System ${CANARY}`);
    await page.getByLabel("Message").fill(`${CANARY} ${directive({ text: `Echo ${CANARY}` })}`);
    await expect(page.getByText(/^At most/)).toBeVisible();
    await page.getByLabel("Message").press("Enter");
    await expect(page.getByText(`Echo ${CANARY}`, { exact: true })).toBeVisible();
    // A failure whose message quotes the prompt, too.
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByLabel("Message").fill(`${CANARY} ${directive({ status: 400, quote: true })}`);
    await page.getByLabel("Message").press("Enter");
    await expect(page.getByRole("alert").filter({ hasText: "400" })).toBeVisible();
    expect(await everyDocument()).not.toContain(CANARY);
    const files = await readdir(deployment.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const content = await readFile(path.join(file.parentPath, file.name));
      expect(content.includes(CANARY), file.name).toBe(false);
    }
    const storedItems = await page.evaluate(async () => {
      const caches = await window.caches.keys();
      const databases = await indexedDB.databases();
      return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, caches, databases]);
    });
    expect(storedItems).not.toContain(CANARY);
    expect(page.url()).not.toContain(CANARY);
    page.on("dialog", (question) => void question.accept());
    await page.reload();
    await expect(page.getByLabel("Message")).toHaveValue("");
    expect(await page.content()).not.toContain(CANARY);
  });
});

test("who is signed out or comes from elsewhere gets no answer and no quote", async ({
  page,
  signedIn,
}) => {
  const body = JSON.stringify({
    model: "gpt-6-luna",
    messages: [{ role: "user", content: "Hi" }],
  });
  const customer = await signedIn();
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`)[0];
  const send = (url: string, headers: Record<string, string>) =>
    fetch(`${deployment.origin}${url}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-onekey-project": customer.project,
        ...headers,
      },
      body,
    });
  for (const url of [
    "/v1/chat/completions",
    "/api/playground/quote?path=%2Fv1%2Fchat%2Fcompletions",
  ]) {
    expect((await send(url, { origin: deployment.origin })).status).toBe(401);
    const elsewhere = await send(url, { origin: "https://evil.example", cookie: cookie ?? "" });
    expect(elsewhere.status).toBe(403);
    expect((await send(url, { origin: deployment.origin, cookie: cookie ?? "" })).status).toBe(200);
  }
  expect((await fetch(`${deployment.origin}/api/playground/rows/req_x`)).status).toBe(401);
});

test("an empty balance is said before anything is sent, and the playground reads at every width", async ({
  page,
}) => {
  const customer = await createCustomer();
  await signIn(page, customer);
  await (
    await database()
  )
    .collection<{ _id: string }>("accounts")
    .updateOne({ _id: customer.accountId }, { $set: { free: { requests: 0, credits: 0 } } });
  await checkEverywhere(page, `${PLAYGROUND}&model=claude-haiku-5-5`);
  await page.getByLabel("Message").fill("Hello there");
  await expect(page.getByText(/can cost up to \$0\.\d+, and \$0\.00 is available/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
  // On a phone the model and its buttons are in one line.
  await page
    .getByRole("button", { name: /^Remove / })
    .first()
    .click();
  await page.setViewportSize({ width: 390, height: 844 });
  const centers = await page
    .getByRole("group", { name: "Models", exact: true })
    .locator("> *:visible")
    .evaluateAll((parts) =>
      parts.map((part) => {
        const { top, height } = part.getBoundingClientRect();
        return Math.round(top + height / 2);
      }),
    );
  expect(centers.length).toBe(3);
  expect(new Set(centers).size).toBe(1);
});

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Drops files on an element, as a browser does. */
async function drop(
  target: Locator,
  files: { name: string; type: string; base64: string }[],
): Promise<void> {
  const dataTransfer = await target.page().evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of list)
      transfer.items.add(
        new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], name, { type }),
      );
    return transfer;
  }, files);
  await target.dispatchEvent("drop", { dataTransfer });
}
