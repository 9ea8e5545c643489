import type { Page } from "@playwright/test";
import { freePort, launch, waitForHealth, type LaunchedProcess } from "../support/processes";
import { createTestWallet } from "./crypto-wallet";
import { scanCode, startPhone, walletCode } from "./phone-wallet";
import { startRelay, type RelayServer } from "./relay";
import { checkLayouts, checkPage, database, expect, deployment, test } from "./fixtures";
import { collectViolations } from "./policy-violations";
import { CREDITED_WITHIN, CREDITS_PAGE, creditsOf, walletPanel } from "./payments";

let relay: RelayServer;
let server: LaunchedProcess;
let origin = "";

/** The deployment's server offers no WalletConnect; this one, on the same database, does. */
test.beforeAll(async () => {
  relay = await startRelay();
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  const environment = {
    ...deployment.environment,
    PORT: String(port),
    NEXTAUTH_URL: origin,
    ONEKEY_SANDBOX_WALLETCONNECT: relay.url,
  };
  server = await launch({ script: "dist/server.js", environment });
  await waitForHealth(origin);
});
test.afterAll(async () => {
  await server.stop();
  await relay.close();
});

const policyOf = async (page: Page, path: string) =>
  (await page.request.get(`${origin}${path}`)).headers()["content-security-policy"] ?? "";

async function openChoice(page: Page): Promise<void> {
  await page.goto(`${origin}${CREDITS_PAGE}`);
  await walletPanel(page).getByRole("button", { name: "Connect a wallet" }).click();
  await expect(walletPanel(page).getByRole("button", { name: "WalletConnect" })).toBeVisible();
}

test("without a project id nothing offers WalletConnect or connects to a relay", async ({
  page,
  signedIn,
}) => {
  const sockets: string[] = [];
  const elsewhere: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  page.on("request", (request) => {
    if (!request.url().startsWith(deployment.origin) && !request.url().startsWith("data:"))
      elsewhere.push(request.url());
  });
  await signedIn();
  const response = await page.goto(CREDITS_PAGE);
  expect(response?.headers()["content-security-policy"]).toContain("connect-src 'self';");
  await walletPanel(page).getByRole("button", { name: "Connect a wallet" }).click();
  await expect(walletPanel(page).getByRole("button", { name: "Sandbox wallet" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  await expect(page.getByText("WalletConnect")).toHaveCount(0);
  expect(sockets).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test("only the credits page connects to the relay, and only after the choice", async ({
  page,
  signedIn,
}) => {
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(new URL(socket.url()).origin));
  await signedIn();
  const ws = relay.url.replace("http", "ws");
  expect(await policyOf(page, CREDITS_PAGE)).toContain(`connect-src 'self' ${ws};`);
  for (const path of ["/dashboard", "/dashboard/settings", "/", "/sign-in"])
    expect(await policyOf(page, path), path).toContain("connect-src 'self';");
  await page.goto(`${origin}/dashboard`);
  await page.getByRole("link", { name: "Credits" }).first().click();
  await expect(walletPanel(page)).toBeVisible();
  await walletPanel(page).getByRole("button", { name: "Connect a wallet" }).click();
  await expect(walletPanel(page).getByRole("button", { name: "WalletConnect" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  expect(sockets).toEqual([]);
  await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
  await expect(walletCode(page)).toBeVisible();
  expect(sockets).toEqual([ws]);
  const disclosure = "is reached through WalletConnect’s relay, once you choose it and not before";
  await page.goto(`${origin}/security`);
  await expect(page.locator("section#payments")).toContainText(disclosure);
  await page.goto(`${deployment.origin}/security`);
  await expect(page.locator("section#payments")).not.toContainText("WalletConnect’s relay");
});

test("a phone's wallet scans, links and pays; the page sends the relay nothing about it", async ({
  page,
  signedIn,
}) => {
  const violations = await collectViolations(page);
  const wallet = await createTestWallet();
  const phone = await startPhone({ wallet, relayUrl: relay.url.replace("http", "ws") });
  const { accountId } = await signedIn();
  const from = relay.frames.length;
  await openChoice(page);
  await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
  const uri = await scanCode(page);
  expect(uri).toMatch(/^wc:[0-9a-f]{64}@2\?.*symKey=[0-9a-f]{64}/);
  await expect(
    walletPanel(page).getByRole("link", { name: "Open a wallet on this device" }),
  ).toHaveAttribute("href", uri);
  await checkLayouts(page, "the code");

  await phone.scan(uri, { chains: [8453, 1] });
  expect(phone.record.proposals).toMatchObject([
    {
      proposer: { metadata: { name: "OneKey", url: origin } },
      requiredNamespaces: {},
      optionalNamespaces: {
        eip155: {
          chains: ["eip155:8453", "eip155:1"],
          methods: ["personal_sign", "eth_sendTransaction", "eth_getBlockByNumber"],
        },
      },
    },
  ]);
  await expect(walletPanel(page).getByText("Phone wallet")).toBeVisible();
  const link = walletPanel(page).getByRole("button", { name: /^Link 0x/ });
  wallet.declines = true;
  await link.click();
  await expect(
    walletPanel(page).getByText("You declined in your wallet. Nothing was sent."),
  ).toBeVisible();
  wallet.declines = false;
  await link.click();
  await walletPanel(page).getByLabel("Amount").fill("25.5");
  await walletPanel(page)
    .getByRole("combobox", { name: /^Chain: / })
    .click();
  await page.getByRole("listbox").getByRole("option", { name: "Ethereum", exact: true }).click();
  await walletPanel(page).getByRole("button", { name: "Send 25.50 USDC" }).click();
  await expect(walletPanel(page).getByText("25.50 USDC on Ethereum, credited").first()).toBeVisible(
    CREDITED_WITHIN,
  );
  expect(await creditsOf(accountId)).toBe(25_500_000_000);
  expect(phone.record.requests.slice(-2)).toEqual([
    "eip155:1 eth_getBlockByNumber",
    "eip155:1 eth_sendTransaction",
  ]);

  const frames = relay.frames
    .slice(from)
    .flatMap(({ project, text }) => (project === "sandbox" ? [text.toLowerCase()] : []))
    .join("\n");
  expect(frames).toContain("wc_proposesession");
  const entry = await (await database()).collection("ledger").findOne({ accountId });
  const hash = String((entry?.chain as { hash: string } | undefined)?.hash);
  expect(hash).toMatch(/^0x[0-9a-f]{64}$/);
  for (const secret of [
    hash,
    wallet.address,
    "eth_send",
    "personal_sign",
    "eip155",
    accountId,
    "symkey",
  ])
    expect(frames, secret).not.toContain(secret.toLowerCase());

  await walletPanel(page).getByRole("button", { name: "Disconnect" }).click();
  await expect(walletPanel(page).getByRole("button", { name: "WalletConnect" })).toBeVisible();
  await expect.poll(() => phone.record.ended).toBe(1);
  await phone.close();
  await expect.poll(relay.connections).toBe(0);
  expect(
    await page.evaluate(async () => [Object.keys(localStorage), await indexedDB.databases()]),
  ).toEqual([[], []]);
  expect(violations).toEqual([]);
});

test(
  "what the wallet declines or does not share is reported; the next try works",
  { tag: "@long" },
  async ({ page, signedIn }) => {
    const wallet = await createTestWallet();
    const phone = await startPhone({ wallet, relayUrl: relay.url.replace("http", "ws") });
    await signedIn();
    await openChoice(page);
    await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
    await phone.scan(await scanCode(page), "no");
    await expect(
      walletPanel(page).getByText("You declined in your wallet. Nothing was sent."),
    ).toBeVisible();
    await walletPanel(page).getByRole("button", { name: "Try again" }).click();
    await phone.scan(await scanCode(page), { chains: [137] });
    await expect(
      walletPanel(page).getByText(/shared no account on an accepted chain/),
    ).toBeVisible();
    await expect.poll(phone.sessions).toBe(0);
    await walletPanel(page).getByRole("button", { name: "Try again" }).click();
    await phone.scan(await scanCode(page), { chains: [8453] });
    const link = walletPanel(page).getByRole("button", { name: /^Link 0x/ });
    phone.mood.silent = true;
    await link.click();
    await expect.poll(() => phone.record.requests).toContain("eip155:8453 personal_sign");
    await phone.endSession();
    // Nothing waits for a wallet that has left.
    await expect(walletPanel(page).getByText(/Your wallet did not respond/)).toBeVisible();
    phone.mood.silent = false;
    await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
    await phone.scan(await scanCode(page), { chains: [8453] });
    await link.click();
    await walletPanel(page)
      .getByRole("combobox", { name: /^Chain: / })
      .click();
    await page.getByRole("listbox").getByRole("option", { name: "Ethereum", exact: true }).click();
    await walletPanel(page).getByRole("button", { name: "Send 50.00 USDC" }).click();
    await expect(walletPanel(page).getByText(/Your wallet did not share this chain/)).toBeVisible();
    expect(phone.record.requests).not.toContain("eip155:1 eth_sendTransaction");
    await phone.close();
  },
);

test(
  "a canceled pairing is closed: a late approval connects nothing",
  { tag: "@long" },
  async ({ page, signedIn }) => {
    await signedIn();
    await openChoice(page);
    for (let round = 0; round < 2; round++) {
      await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
      await expect(walletCode(page)).toBeVisible();
      await expect.poll(relay.connections).toBe(1);
      await walletPanel(page).getByRole("button", { name: "Cancel" }).click();
      await expect(walletCode(page)).toHaveCount(0);
      await expect(walletPanel(page).getByRole("button", { name: "WalletConnect" })).toBeVisible();
      await expect.poll(relay.connections).toBe(0);
    }
    await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
    const uri = await scanCode(page);
    await walletPanel(page).getByRole("button", { name: "Cancel" }).click();
    await expect.poll(relay.connections).toBe(0);
    const phone = await startPhone({
      wallet: await createTestWallet(),
      relayUrl: relay.url.replace("http", "ws"),
    });
    // The phone's package waits minutes for the page's word that it has understood; it never comes.
    void phone.scan(uri, { chains: [8453] }).catch(() => {});
    await page.waitForTimeout(3_000);
    expect(relay.connections()).toBe(1);
    await expect(walletPanel(page).getByRole("button", { name: "WalletConnect" })).toBeVisible();
    await phone.close();
    await expect.poll(relay.connections).toBe(0);
    // Immediately again, while the previous pairing is still being closed.
    await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
    await expect(walletCode(page)).toBeVisible();
    await walletPanel(page).getByRole("button", { name: "Cancel" }).click();
    await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
    await expect(walletCode(page)).toBeVisible();
    await page.waitForTimeout(4_000);
    expect(relay.connections()).toBe(1);
  },
);

test(
  "an unavailable relay is reported within seconds, and tried again when it is back",
  { tag: "@long" },
  async ({ page, signedIn }) => {
    await signedIn();
    await openChoice(page);
    relay.setAway(true);
    await walletPanel(page).getByRole("button", { name: "WalletConnect" }).click();
    await expect(
      walletPanel(page).getByText("WalletConnect’s relay did not respond.", { exact: false }),
    ).toBeVisible({
      timeout: 60_000,
    });
    await checkPage(page, "relay away");
    relay.setAway(false);
    await walletPanel(page).getByRole("button", { name: "Try again" }).click();
    await expect(walletCode(page)).toBeVisible();
    await walletPanel(page).getByRole("button", { name: "Cancel" }).click();
    await expect.poll(relay.connections).toBe(0);
  },
);
