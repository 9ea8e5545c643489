import type { Page } from "@playwright/test";
import { CHAINS } from "@/lib/payments/chain/tokens";
import type { ChainName, TokenName } from "@/lib/wallets/schema";
import { createTestWallet, injectWallet } from "./crypto-wallet";
import { checkLayouts, createCustomer, expect, signIn, deployment, test } from "./fixtures";
import { CREDITED_WITHIN, CREDITS_PAGE, creditsOf, walletPanel } from "./payments";
import { mailsTo } from "./sign-in";

const TREASURY = "0x4f6e654b65790000000000000000000000000001";

// Nearly all of their time is waiting for blocks.
test.describe.configure({ mode: "parallel" });

async function connect(page: Page): Promise<void> {
  await walletPanel(page).getByRole("button", { name: "Connect a wallet" }).click();
  await walletPanel(page).getByRole("button", { name: "Test wallet" }).click();
}

async function link(page: Page): Promise<void> {
  await walletPanel(page)
    .getByRole("button", { name: /^Link 0x/ })
    .click();
  await expect(walletPanel(page).getByLabel("Amount")).toBeVisible();
}

async function choose(
  page: Page,
  { chain, token }: { chain: ChainName; token: TokenName },
): Promise<void> {
  for (const [label, option] of [
    ["Token", token],
    ["Chain", CHAINS[chain].name],
  ] as const) {
    await walletPanel(page)
      .getByRole("combobox", { name: new RegExp(`^${label}: `) })
      .click();
    await page.getByRole("listbox").getByRole("option", { name: option, exact: true }).click();
  }
}

for (const [chain, token, startsOn] of [
  ["base", "USDC", 8453],
  ["base", "USDT", 1],
  ["ethereum", "USDC", 8453],
  ["ethereum", "USDT", 1],
] as const) {
  const { id, name } = CHAINS[chain];
  const title = `${token} on ${name} from a wallet on ${startsOn === id ? "it" : "another chain"} becomes credits and a receipt`;
  // Each chain and each token once; the other two pairs in the long run.
  const tag = (chain === "base") === (token === "USDC") ? "@long" : [];
  test(title, { tag }, async ({ page, signedIn }) => {
    const wallet = await injectWallet(page, { startsOn });
    const { email, accountId } = await signedIn();
    await page.goto(CREDITS_PAGE);
    await connect(page);
    await link(page);
    await choose(page, { chain, token });
    await walletPanel(page).getByLabel("Amount").fill("25.5");
    await walletPanel(page)
      .getByRole("button", { name: `Send 25.50 ${token}` })
      .click();
    const track = walletPanel(page).getByRole("list", {
      name: `25.50 ${token} on ${name}, on its way`,
    });
    await expect(track).toContainText("Confirmations");
    await expect(track.getByText(/of 12/)).toBeVisible();
    await expect(
      walletPanel(page).getByText(`25.50 ${token} on ${name}, credited`).first(),
    ).toBeVisible(CREDITED_WITHIN);
    await expect(page.getByRole("main").getByText("$25.50").first()).toBeVisible();
    await expect(
      walletPanel(page).getByRole("link", { name: "Send the first request" }),
    ).toBeVisible();
    expect(await creditsOf(accountId)).toBe(25_500_000_000);
    expect(wallet.asked.includes("wallet_switchEthereumChain")).toBe(startsOn !== id);
    await expect
      .poll(
        () => mailsTo(email).then((mails) => mails.map(({ subject }) => subject)),
        CREDITED_WITHIN,
      )
      .toEqual([expect.stringMatching(/receipt/i)]);
    const [receipt] = await mailsTo(email);
    expect(receipt?.text).toContain("25.50");
  });
}

test("What the buyer declines in the wallet sends nothing, and can be tried again", async ({
  page,
  signedIn,
}) => {
  const wallet = await injectWallet(page, { startsOn: 1 });
  const { accountId } = await signedIn();
  await page.goto(CREDITS_PAGE);
  const declineNotice = walletPanel(page).getByText(
    "You declined in your wallet. Nothing was sent.",
  );
  wallet.declines = true;
  await connect(page);
  await expect(declineNotice).toBeVisible();
  // The browser's nameless provider is the same wallet, and not offered a second time.
  await expect(
    walletPanel(page).getByRole("list", { name: "Wallets in this browser" }).getByRole("button"),
  ).toHaveCount(2);
  wallet.declines = false;
  await walletPanel(page).getByRole("button", { name: "Test wallet" }).click();
  await expect(walletPanel(page).getByRole("button", { name: /^Link 0x/ })).toBeVisible();
  wallet.declines = true;
  await walletPanel(page)
    .getByRole("button", { name: /^Link 0x/ })
    .click();
  await expect(declineNotice).toBeVisible();
  wallet.declines = false;
  await link(page);
  await choose(page, { chain: "base", token: "USDC" });
  wallet.declines = true;
  await walletPanel(page).getByRole("button", { name: "Send 50.00 USDC" }).click();
  await expect(declineNotice).toBeVisible();
  expect(wallet.asked).not.toContain("eth_sendTransaction");
  wallet.declines = false;
  await walletPanel(page).getByRole("button", { name: "Send 50.00 USDC" }).click();
  await expect(walletPanel(page).getByText("50.00 USDC on Base, on its way").first()).toBeVisible();
  await expect(walletPanel(page).getByText("50.00 USDC on Base, credited").first()).toBeVisible(
    CREDITED_WITHIN,
  );
  expect(await creditsOf(accountId)).toBe(50_000_000_000);
});

test("A payment from a page that was closed is credited all the same", async ({
  page,
  signedIn,
}) => {
  const wallet = await injectWallet(page, { startsOn: 8453 });
  const { accountId } = await signedIn();
  await page.goto(CREDITS_PAGE);
  await connect(page);
  await link(page);
  await page.close();
  await wallet.send({ chain: "base", token: "USDC", to: TREASURY, dollars: 12 });
  await expect.poll(() => creditsOf(accountId), CREDITED_WITHIN).toBe(12_000_000_000);
});

test("A wallet of another account is refused, and so is another's transfer", async ({
  page,
  browser,
}) => {
  const wallet = await injectWallet(page, { startsOn: 8453 });
  await signIn(page, await createCustomer());
  await page.goto(CREDITS_PAGE);
  await connect(page);
  await link(page);
  const hash = await wallet.send({ chain: "base", token: "USDC", to: TREASURY, dollars: 9 });

  const second = await createCustomer();
  const otherPage = await (await browser.newContext({ baseURL: deployment.origin })).newPage();
  await signIn(otherPage, second);
  await otherPage.goto(CREDITS_PAGE);
  await walletPanel(otherPage).getByText("Already sent? Check a transaction").click();
  const check = async (value: string) => {
    await walletPanel(otherPage).getByLabel("Transaction hash").fill(value);
    await walletPanel(otherPage).getByRole("button", { name: "Check transaction" }).click();
  };
  await check("0x12");
  await expect(
    walletPanel(otherPage).getByText("The transaction hash must be 0x and 64 hexadecimal digits."),
  ).toBeVisible();
  await check(hash.toUpperCase().replace("0X", "0x"));
  await expect(
    walletPanel(otherPage).getByText(
      /Not credited: the sender is not a wallet linked to this account/,
    ),
  ).toBeVisible();
  await check(`0x${"ab".repeat(32)}`);
  await expect(
    walletPanel(otherPage).getByText(/Base does not know this transaction yet/),
  ).toBeVisible();
  expect(await creditsOf(second.accountId)).toBe(0);
  await otherPage.context().close();

  await page.context().clearCookies();
  await signIn(page, second);
  await page.goto(CREDITS_PAGE);
  await connect(page);
  await walletPanel(page)
    .getByRole("button", { name: /^Link 0x/ })
    .click();
  await expect(walletPanel(page).getByText(/is linked to another account/)).toBeVisible();
});

test("In the sandbox, a wallet on the real chain is not asked for money", async ({
  page,
  signedIn,
}) => {
  const wallet = await injectWallet(page, { startsOn: 8453 });
  await signedIn();
  await page.goto(CREDITS_PAGE);
  await connect(page);
  await link(page);
  wallet.foreign = true;
  await walletPanel(page).getByRole("button", { name: "Send 50.00 USDC" }).click();
  await expect(walletPanel(page).getByText(/This wallet is on the real Base/)).toBeVisible();
  expect(wallet.asked).not.toContain("eth_sendTransaction");
});

test("The sandbox's own wallet pays, and is not there for a visitor", async ({
  page,
  signedIn,
  request,
}) => {
  const { accountId } = await signedIn();
  const questions: string[] = [];
  page.on("dialog", (dialog) => {
    questions.push(dialog.message());
    void dialog.accept();
  });
  await page.goto(CREDITS_PAGE);
  await walletPanel(page).getByRole("button", { name: "Connect a wallet" }).click();
  await walletPanel(page).getByRole("button", { name: "Sandbox wallet" }).click();
  await link(page);
  await walletPanel(page).getByRole("button", { name: "Send 50.00 USDC" }).click();
  await expect(walletPanel(page).getByText("50.00 USDC on Base, credited").first()).toBeVisible(
    CREDITED_WITHIN,
  );
  expect(await creditsOf(accountId)).toBe(50_000_000_000);
  expect(questions.join("\n")).toContain("This costs nothing and moves nothing.");
  expect(questions.join("\n")).toContain("Send 50 of the token");

  const call = { method: "eth_accounts", params: [] };
  const visitor = await request.post("/sandbox/wallet/base", {
    data: call,
    headers: { origin: deployment.origin },
  });
  expect(visitor.status()).toBe(404);
  const foreign = await page.request.post("/sandbox/wallet/base", {
    data: call,
    headers: { origin: "https://evil.example" },
  });
  // A write from another origin is rejected before any page is looked up.
  expect(foreign.status()).toBe(403);
});

test("the panel is readable at every width in both themes and in every state", async ({
  page,
  signedIn,
}) => {
  const wallet = await injectWallet(page, { startsOn: 8453 });
  await signedIn();
  await page.goto(CREDITS_PAGE);
  await connect(page);
  await link(page);
  await walletPanel(page).getByText("Accepted tokens and addresses").click();
  await walletPanel(page).getByText("Already sent? Check a transaction").click();
  await walletPanel(page)
    .getByLabel("Transaction hash")
    .fill(`0x${"cd".repeat(32)}`);
  await walletPanel(page).getByRole("button", { name: "Check transaction" }).click();
  await expect(walletPanel(page).getByText(/does not know this transaction yet/)).toBeVisible();
  const stranger = await createTestWallet();
  await walletPanel(page)
    .getByLabel("Transaction hash")
    .fill(await stranger.send({ chain: "base", token: "USDC", to: TREASURY, dollars: 5 }));
  await walletPanel(page).getByRole("button", { name: "Check transaction" }).click();
  await expect(walletPanel(page).getByText(/Not credited: the sender/)).toBeVisible();
  await walletPanel(page).getByRole("button", { name: "Send 50.00 USDC" }).click();
  await expect(walletPanel(page).getByText("50.00 USDC on Base, on its way").first()).toBeVisible();
  await checkLayouts(page, "the panel");
  expect(wallet.asked).toContain("eth_sendTransaction");
});

test("code that talks to wallets loads only after a click", async ({ page, signedIn }) => {
  const scripts = new Map<string, number>();
  page.on("response", async (response) => {
    if (response.request().resourceType() !== "script") return;
    const sizes = await response.request().sizes();
    scripts.set(response.url(), sizes.responseBodySize);
  });
  await signedIn();
  await page.goto(CREDITS_PAGE, { waitUntil: "networkidle" });
  const before = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  expect(before).toBeLessThanOrEqual(240 * 1024);
  await walletPanel(page).getByRole("button", { name: "Connect a wallet" }).click();
  await expect(walletPanel(page).getByRole("button", { name: "Sandbox wallet" })).toBeVisible();
  const after = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  expect(after).toBeGreaterThan(before + 20 * 1024);
  test.info().annotations.push({
    type: "JavaScript",
    description: `${before} bytes, ${after} with the wallets`,
  });
});
