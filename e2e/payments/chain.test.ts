import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeDeployData, encodeFunctionData, parseAbi, type Hex } from "viem";
import { createSiweMessage, parseSiweMessage } from "viem/siwe";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { COMMANDS } from "@/cli/commands";
import { closeDatabase } from "@/lib/db/client";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { listEntries } from "@/lib/ledger/queries";
import { NANO_PER_CREDIT } from "@/lib/money";
import { assignTransfer, listNeedingAttention } from "@/lib/payments/chain/attention";
import { checkTransfer } from "@/lib/payments/chain/check";
import { linkSigned, prepareLink } from "@/lib/payments/chain/link";
import { scanChain } from "@/lib/payments/chain/scan";
import { chainSettings, type ChainSettings } from "@/lib/payments/chain/settings";
import { TransferSubmission, submitTransfer } from "@/lib/payments/chain/submit";
import { listTransferViews } from "@/lib/payments/chain/views";
import { checkDueTransfers } from "@/lib/payments/chain/watch";
import { listTransfers } from "@/lib/transfers/queries";
import { linkWallet } from "@/lib/wallets/link";
import { listWallets } from "@/lib/wallets/queries";
import type { ChainName } from "@/lib/wallets/schema";
import contracts from "@/sandbox/chain/contracts/contracts.json";
import {
  actorsOf,
  CHAIN_NAMES,
  hasAnvil,
  keyOf,
  startChainDeployment,
  TOKEN,
  units,
  type ChainDeployment,
} from "./chain-deployment";
import { startExplorer } from "./explorer";

const CONTRACT_WALLET = parseAbi([
  "constructor(address owner)",
  "function execute(address[] targets, bytes[] calls)",
]);
const CONFIRMATIONS = 3;
const HOUR = 3_600_000;

let deployment: ChainDeployment;
let on: ReturnType<typeof actorsOf>;
let treasury: Hex;
let account: Account;
let payer: ReturnType<typeof keyOf>;
let walletCount = 0;

// One file: its tests share two chains with their contracts, and an account, which take seconds to make.
describe.skipIf(!hasAnvil)("payments on chain", () => {
  beforeAll(async () => {
    deployment = await startChainDeployment();
    on = actorsOf(deployment);
    Object.assign(process.env, {
      ONEKEY_MODE: "sandbox",
      ONEKEY_DATA_DIR: deployment.dataDir,
      ONEKEY_SANDBOX_BASE: deployment.nodes.base.url,
      ONEKEY_SANDBOX_ETHEREUM: deployment.nodes.ethereum.url,
      BASE_CONFIRMATIONS: String(CONFIRMATIONS),
      ETHEREUM_CONFIRMATIONS: String(CONFIRMATIONS),
    });
    await ensureIndexes();
    treasury = settings().treasury;
  });
  afterAll(async () => {
    await closeDatabase();
    await deployment?.stop();
  });
  beforeEach(async () => {
    account = await newAccount();
    payer = keyOf(100 + walletCount++);
    for (const chain of CHAIN_NAMES) {
      await on.call(chain, "anvil_setBalance", [payer.address, "0x8ac7230489e80000"]);
      await on.call(chain, "anvil_impersonateAccount", [payer.address]);
      await on.give(chain, payer.address, 10_000);
    }
  });

  describe("a wallet is linked by a signed message", () => {
    test("links to its account, once; again changes nothing", async () => {
      const wallet = await link();
      expect(wallet).toMatchObject({
        address: payer.address.toLowerCase(),
        accountId: account._id,
        chain: null,
      });
      await link();
      expect(await listWallets(account._id)).toHaveLength(1);
    });

    test("a nonce that was used is refused", async () => {
      const proof = await sign(await message());
      await linkSigned({ owner: owner(), ...proof });
      await expect(linkSigned({ owner: owner(), ...proof })).rejects.toThrow("used before");
    });

    test("a nonce is used up by a refused signature, and by one of many concurrent ones", async () => {
      const text = await message();
      const otherSignature = await keyOf(1).signMessage({ message: text });
      await expect(
        linkSigned({ owner: owner(), message: text, signature: otherSignature }),
      ).rejects.toThrow("not this wallet's");
      await expect(linkSigned({ owner: owner(), ...(await sign(text)) })).rejects.toThrow(
        "used before",
      );
      const proof = await sign(await message());
      const all = await Promise.allSettled(
        Array.from({ length: 8 }, () => linkSigned({ owner: owner(), ...proof })),
      );
      expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    test("another site's domain is refused", async () => {
      for (const change of [
        { domain: "onekey.evil.example" },
        { uri: "https://onekey.evil.example" },
      ])
        await expect(linkChanged(change)).rejects.toThrow("another site");
    });

    test("one that is over, has no end or is not yet good is refused", async () => {
      const proof = await sign(await message());
      const later = Date.now() + 11 * 60_000;
      await expect(linkSigned({ owner: owner(), ...proof }, { now: later })).rejects.toThrow(
        "time is over",
      );
      await expect(linkChanged({ expirationTime: new Date(Date.now() - 1_000) })).rejects.toThrow(
        "time is over",
      );
      await expect(linkChanged({ expirationTime: undefined })).rejects.toThrow("time is over");
      await expect(linkChanged({ notBefore: new Date(Date.now() + HOUR) })).rejects.toThrow(
        "not come",
      );
    });

    test("a chain that is not served is refused", async () => {
      await expect(linkChanged({ chainId: 137 })).rejects.toThrow("not served");
    });

    test("a message for another account, or with another's nonce, is refused", async () => {
      const otherAccount = await newAccount();
      const text = await message();
      await expect(
        linkSigned({ owner: ownerOf(otherAccount), ...(await sign(text)) }),
      ).rejects.toThrow("another account");
      const theirs = parseSiweMessage(await message({ owner: ownerOf(otherAccount) }));
      await expect(linkChanged({ nonce: theirs.nonce ?? "" })).rejects.toThrow("used before");
    });

    test("what is not quite the message is refused", async () => {
      const text = await message();
      await expect(
        linkSigned({ owner: owner(), ...(await sign(`${text}\nand more`)) }),
      ).rejects.toThrow("EIP-4361");
      await expect(linkSigned({ owner: owner(), ...(await sign("hello")) })).rejects.toThrow(
        "another site",
      );
    });

    test("one wallet belongs to one account", async () => {
      await link();
      const otherAccount = await newAccount();
      const proof = await sign(await message({ owner: ownerOf(otherAccount) }));
      await expect(linkSigned({ owner: ownerOf(otherAccount), ...proof })).rejects.toThrow(
        "linked to another account",
      );
      expect(await listWallets(otherAccount._id)).toEqual([]);
    });

    test("links a contract wallet by its owner's key (ERC-1271), only for its chain", async () => {
      const wallet = await contractWallet("base");
      const text = await message({ address: wallet });
      const walletRecord = await linkSigned({ owner: owner(), ...(await sign(text)) });
      expect(walletRecord).toMatchObject({ chain: "base", address: wallet.toLowerCase() });
      const onEthereum = await message({ address: wallet, chain: "ethereum" });
      await expect(linkSigned({ owner: owner(), ...(await sign(onEthereum)) })).rejects.toThrow(
        "not this wallet's",
      );
    });

    test("an address with a key and a contract is one account's in both forms", async () => {
      const wallet = await contractWallet("base");
      await linkSigned({ owner: owner(), ...(await sign(await message({ address: wallet }))) });
      const otherAccount = await newAccount();
      const address = wallet.toLowerCase() as Hex;
      await expect(
        linkWallet({ accountId: otherAccount._id, address, chain: null }),
      ).rejects.toThrow("another account");
      await link();
      const payerAddress = payer.address.toLowerCase() as Hex;
      await expect(
        linkWallet({ accountId: otherAccount._id, address: payerAddress, chain: "base" }),
      ).rejects.toThrow("another account");
    });

    test("a contract wallet cannot be checked while its node is down; a key's wallet needs no node", async () => {
      const wallet = await contractWallet("base");
      const [text, plain] = [await message({ address: wallet }), await message()];
      deployment.nodes.base.down = true;
      try {
        await expect(linkSigned({ owner: owner(), ...(await sign(text)) })).rejects.toThrow(
          "does not answer",
        );
        await linkSigned({ owner: owner(), ...(await sign(plain)) });
      } finally {
        deployment.nodes.base.down = false;
      }
    });
  });

  describe.each(CHAIN_NAMES)("on %s", (chain) => {
    test.each(["USDC", "USDT"] as const)(
      "%s is credited with what the chain says, once",
      async (token) => {
        await link();
        const hash = await on.send({
          chain,
          token,
          from: payer.address,
          to: treasury,
          dollars: 12.345678,
        });
        const transfer = await submit({
          chain,
          hash,
          expected: { token, amount: 999 * NANO_PER_CREDIT },
        });
        expect(transfer).toMatchObject({
          state: "seen",
          confirmations: 1,
          needed: CONFIRMATIONS,
          reason: null,
        });
        expect(await shown()).toMatchObject({
          title: expect.stringMatching(/^12.345678 .*, on its way$/),
          open: true,
        });
        expect(await steps()).toEqual([
          "Sent done",
          "Seen done",
          `Confirmations now 1 of ${CONFIRMATIONS}`,
          "Credited todo",
        ]);
        expect(await credits()).toBe(0);
        await on.mine(chain, CONFIRMATIONS);
        await checkDueTransfers(Date.now() + HOUR);
        expect(await lastTransfer()).toMatchObject({ state: "credited", reason: null });
        expect(await shown()).toMatchObject({
          title: expect.stringMatching(/, credited$/),
          open: false,
          reason: null,
        });
        expect(await credits()).toBe(12_345_678_000);
        expect(await listEntries(account._id)).toMatchObject([
          {
            _id: `${chain}:${hash}:0`,
            kind: "purchase",
            chain: { chain, token, hash, ordinal: 0, to: treasury },
          },
        ]);
      },
    );

    test("the same hash in another letter case is the same transfer", async () => {
      await link();
      const hash = await paid(chain, 20);
      await settled({ chain, hash });
      const upper = `0x${hash.slice(2).toUpperCase()}` as Hex;
      expect(await settled({ chain, hash: upper })).toMatchObject({ state: "credited", hash });
      await scanChain(chain);
      expect(await credits()).toBe(20 * NANO_PER_CREDIT);
      expect(await listTransfers({ accountId: account._id, limit: 9 })).toHaveLength(1);
    });

    test("a transfer reported many times concurrently is credited once", async () => {
      await link();
      const hash = await paid(chain, 7);
      await on.mine(chain, CONFIRMATIONS);
      await Promise.all(Array.from({ length: 12 }, () => submit({ chain, hash })));
      await Promise.all([scanChain(chain), scanChain(chain), checkDueTransfers(Date.now() + HOUR)]);
      expect(await credits()).toBe(7 * NANO_PER_CREDIT);
      expect(await listEntries(account._id)).toHaveLength(1);
    });

    test("a reverted transaction is refused", async () => {
      await link();
      const hash = await on.send({
        chain,
        from: payer.address,
        to: treasury,
        dollars: 1_000_000,
        gas: 100_000,
      });
      await refused({ chain, hash, reason: "reverted" });
    });

    test("a token that only looks like an accepted one is refused", async () => {
      await link();
      const contract = await deploy(chain, contracts.UsdCoin.creation as Hex);
      await on.transact(chain, {
        from: keyOf(0).address,
        to: contract,
        data: mintData(payer.address, 100),
      });
      const hash = await on.send({
        chain,
        contract,
        from: payer.address,
        to: treasury,
        dollars: 100,
      });
      await refused({ chain, hash, reason: "wrong_token" });
    });

    test("a transfer to someone else is refused", async () => {
      await link();
      const hash = await on.send({ chain, from: payer.address, to: keyOf(3).address, dollars: 9 });
      await refused({ chain, hash, reason: "wrong_recipient" });
    });

    test("a transaction without a transfer is refused", async () => {
      await link();
      const hash = await on.transact(chain, { from: payer.address, to: treasury });
      await refused({ chain, hash, reason: "no_transfer" });
    });

    test("a transfer of 0 is refused", async () => {
      await link();
      const hash = await on.send({ chain, from: payer.address, to: treasury, dollars: 0 });
      await refused({ chain, hash, reason: "zero" });
    });

    test("a hash that does not exist is looked for, then refused", async () => {
      await link();
      const hash: Hex = `0x${"ab".repeat(31)}${chain === "base" ? "01" : "02"}`;
      const first = await submit({ chain, hash });
      expect(first).toMatchObject({ state: "sent", reason: "not_found" });
      const last = await checkTransfer(first, { now: Date.now() + HOUR });
      expect(last).toMatchObject({ state: "refused", reason: "not_found" });
      expect(await credits()).toBe(0);
    });

    test("someone else's transfer is refused, and still credited to them", async () => {
      await link();
      const thief = await newAccount();
      const hash = await paid(chain, 15);
      await on.mine(chain, CONFIRMATIONS);
      const claim = await submitTransfer({ accountId: thief._id, chain, hash, expected: null });
      expect(claim).toMatchObject({ state: "refused", reason: "not_yours" });
      expect((await findById(thief._id))?.credits).toBe(0);
      await settled({ chain, hash });
      expect(await credits()).toBe(15 * NANO_PER_CREDIT);
    });

    test("a block that the chain drops is never credited, and the transfer is once it is in another", async () => {
      await link();
      const before = await on.call(chain, "evm_snapshot");
      const hash = await paid(chain, 30);
      const transfer = await submit({ chain, hash });
      expect(transfer.state).toBe("seen");
      const raw = (await on.call(chain, "eth_getTransactionByHash", [hash])) as {
        nonce: Hex;
        input: Hex;
        to: Hex;
      };
      await on.call(chain, "evm_revert", [before]);
      await on.mine(chain, CONFIRMATIONS + 2);
      const check = await checkTransfer(transfer);
      expect(check).toMatchObject({ state: "sent", reason: "reorganised" });
      expect(await credits()).toBe(0);
      await on.call(chain, "anvil_impersonateAccount", [payer.address]);
      const newHash = await on.transact(chain, {
        from: payer.address,
        to: raw.to,
        data: raw.input,
      });
      await on.mine(chain, CONFIRMATIONS);
      await settled({ chain, hash: newHash });
      expect(await credits()).toBe(30 * NANO_PER_CREDIT);
    });

    test("a node that is down or serves another chain credits nothing and loses nothing", async () => {
      await link();
      const node = deployment.nodes[chain];
      const hash = await paid(chain, 5);
      await on.mine(chain, CONFIRMATIONS);
      node.down = true;
      expect(await submit({ chain, hash })).toMatchObject({ state: "sent", reason: "unreachable" });
      node.down = false;
      node.chainId = 31_337;
      await checkDueTransfers(Date.now() + HOUR);
      expect(await lastTransfer()).toMatchObject({ state: "sent", reason: "wrong_chain" });
      await scanChain(chain);
      expect(await credits()).toBe(0);
      node.chainId = null;
      await checkDueTransfers(Date.now() + 2 * HOUR);
      expect(await lastTransfer()).toMatchObject({ state: "credited", reason: null });
      expect(await credits()).toBe(5 * NANO_PER_CREDIT);
    });

    test("two transfers in one transaction are credited, each once", async () => {
      const wallet = await contractWallet(chain);
      await linkSigned({
        owner: owner(),
        ...(await sign(await message({ address: wallet, chain }))),
      });
      await on.give(chain, wallet, 100);
      const pay = (to: Hex, dollars: number) =>
        encodeFunctionData({ abi: TOKEN, functionName: "transfer", args: [to, units(dollars)] });
      const [usdc, usdt] = [on.addressOf(chain, "USDC"), on.addressOf(chain, "USDT")];
      const data = encodeFunctionData({
        abi: CONTRACT_WALLET,
        functionName: "execute",
        args: [
          [usdc, usdc, usdt],
          [pay(treasury, 4), pay(keyOf(5).address, 50), pay(treasury, 6)],
        ],
      });
      const hash = await on.transact(chain, { from: payer.address, to: wallet, data });
      await settled({ chain, hash });
      await scanChain(chain);
      expect((await listEntries(account._id)).map(({ _id, amount }) => [_id, amount])).toEqual([
        [`${chain}:${hash}:2`, 6 * NANO_PER_CREDIT],
        [`${chain}:${hash}:0`, 4 * NANO_PER_CREDIT],
      ]);
    });

    test("a large transfer waits until its block is final", async () => {
      await link();
      const hash = await paid(chain, 1_000);
      await on.mine(chain, CONFIRMATIONS);
      expect(await submit({ chain, hash })).toMatchObject({ state: "seen", final: true });
      await checkDueTransfers(Date.now() + HOUR);
      expect(await lastTransfer()).toMatchObject({
        state: "seen",
        confirmations: CONFIRMATIONS + 1,
        final: true,
      });
      expect(await credits()).toBe(0);
      await on.mine(chain, 64);
      await checkDueTransfers(Date.now() + 2 * HOUR);
      expect(await lastTransfer()).toMatchObject({ state: "credited", final: true });
      expect(await credits()).toBe(1_000 * NANO_PER_CREDIT);
    });

    test("a transfer from a linked wallet is found with no page open", async () => {
      await link();
      await scanChain(chain);
      await paid(chain, 11);
      await scanChain(chain);
      expect(await lastTransfer()).toMatchObject({ state: "sent", expected: null });
      await on.mine(chain, CONFIRMATIONS);
      await checkDueTransfers(Date.now() + HOUR);
      expect(await credits()).toBe(11 * NANO_PER_CREDIT);
    });

    test("what came while nobody looked, over many blocks, is found from the cursor on", async () => {
      await link();
      await scanChain(chain);
      await paid(chain, 3);
      await on.mine(chain, 2_500);
      await scanChain(chain);
      await checkDueTransfers(Date.now() + HOUR);
      expect(await credits()).toBe(3 * NANO_PER_CREDIT);
    });

    test("one from an unknown sender waits for the operator, who assigns it once", async () => {
      await scanChain(chain);
      const hash = await paid(chain, 42);
      await scanChain(chain);
      expect(await waiting(hash)).toEqual([]);
      await on.mine(chain, CONFIRMATIONS);
      await scanChain(chain);
      await scanChain(chain);
      const listing = await waiting(hash);
      expect(listing).toMatchObject([{ chain, token: "USDC", amount: 42 * NANO_PER_CREDIT }]);
      const { id } = listing[0] ?? { id: "" };
      const assign = () => assignTransfer({ id, accountId: account._id, operator: null });
      await Promise.allSettled([assign(), assign()]);
      expect(await credits()).toBe(42 * NANO_PER_CREDIT);
      expect(await waiting(hash)).toEqual([]);
      const otherAccount = await newAccount();
      await expect(
        assignTransfer({ id, accountId: otherAccount._id, operator: null }),
      ).rejects.toThrow("credited before");
      expect((await findById(otherAccount._id))?.credits).toBe(0);
    });

    test("the operator's commands list one from an unknown sender and assign it to an account, once", async () => {
      await scanChain(chain);
      const hash = await paid(chain, 7);
      await on.mine(chain, CONFIRMATIONS);
      await scanChain(chain);
      const reply = (await COMMANDS["payments attention"]?.({}))?.data as {
        transfers: { transfer: string; hash: string }[];
      };
      const transfer = reply.transfers.find((item) => item.hash === hash)?.transfer ?? "";
      const assign = COMMANDS["payments assign"];
      await expect(assign?.({ transfer, email: "nobody@example.com" })).rejects.toThrow(
        "no account",
      );
      await assign?.({ transfer, email: account.email });
      expect(await credits()).toBe(7 * NANO_PER_CREDIT);
      await expect(assign?.({ transfer, email: (await newAccount()).email })).rejects.toThrow(
        "credited before",
      );
      expect(await waiting(hash)).toEqual([]);
    });

    test("one that waits is its sender's as soon as the wallet is linked", async () => {
      await scanChain(chain);
      const hash = await paid(chain, 8);
      await on.mine(chain, CONFIRMATIONS);
      await scanChain(chain);
      expect(await waiting(hash)).toHaveLength(1);
      expect(await submit({ chain, hash })).toMatchObject({
        state: "refused",
        reason: "not_yours",
      });
      await link();
      await checkDueTransfers(Date.now() + HOUR);
      expect(await credits()).toBe(8 * NANO_PER_CREDIT);
      expect(await waiting(hash)).toEqual([]);
    });

    test("with Etherscan's API set up, nothing is credited that it does not confirm", async () => {
      await link();
      const explorer = await startExplorer(deployment.nodes[chain].anvil.url);
      try {
        const hash = await paid(chain, 6);
        const first = await submit({ chain, hash });
        await on.mine(chain, CONFIRMATIONS);
        const checkSettings: ChainSettings = {
          ...settings(),
          explorer: { url: explorer.url, key: "test-key" },
        };
        for (const lie of [
          "down",
          "unknown",
          "other amount",
          "reverted",
          "other block",
          "invalid key",
        ] as const) {
          explorer.says = lie;
          const after = await checkTransfer(first, { settings: checkSettings });
          expect(after, lie).toMatchObject({ state: "seen", reason: "unconfirmed" });
        }
        expect(await credits()).toBe(0);
        explorer.says = "the same";
        expect(await checkTransfer(first, { settings: checkSettings })).toMatchObject({
          state: "credited",
        });
        expect(explorer.queries.at(-1)).toMatchObject({
          chainid: String(chain === "base" ? 8453 : 1),
          apikey: "test-key",
        });
        expect(await credits()).toBe(6 * NANO_PER_CREDIT);
      } finally {
        await explorer.close();
      }
    });
  });

  test("a transaction on one chain is none on the other", async () => {
    await link();
    const hash = await paid("base", 10);
    const elsewhere = await submit({ chain: "ethereum", hash });
    expect(elsewhere).toMatchObject({ state: "sent", reason: "not_found" });
    expect(await credits()).toBe(0);
  });

  test("what is no hash, chain or token is refused before anything is asked", () => {
    const good = { chain: "base", hash: `0x${"a".repeat(64)}` };
    expect(TransferSubmission.safeParse(good).success).toBe(true);
    for (const bad of [
      { ...good, hash: "0x12" },
      { ...good, hash: `0x${"g".repeat(64)}` },
      { ...good, chain: "polygon" },
      { ...good, expected: { token: "DAI", amount: 1 } },
      { ...good, expected: { token: "USDC", amount: -5 } },
      {},
    ])
      expect(TransferSubmission.safeParse(bad).success).toBe(false);
    const extra = TransferSubmission.parse({
      ...good,
      accountId: "usr_other",
      state: "credited",
      amount: 5,
    });
    expect(extra).toEqual({ chain: "base", hash: good.hash, expected: null });
  });
});

function settings(): ChainSettings {
  const currentSettings = chainSettings();
  if (currentSettings === null) throw new Error("The chains are off.");
  return currentSettings;
}

async function newAccount(): Promise<Account> {
  return createAccount({ email: `${crypto.randomUUID()}@example.com` });
}

const ownerOf = ({ _id, email }: Account) => ({ accountId: _id, email });
const owner = () => ownerOf(account);

type PayRequest = {
  owner?: { accountId: string; email: string };
  address?: Hex;
  chain?: ChainName;
};

function message({
  owner: whose = owner(),
  address = payer.address,
  chain = "base",
}: PayRequest = {}): Promise<string> {
  return prepareLink({ owner: whose, address: address.toLowerCase() as Hex, chain });
}

async function sign(text: string) {
  return { message: text, signature: await payer.signMessage({ message: text }) };
}

async function link() {
  return linkSigned({ owner: owner(), ...(await sign(await message())) });
}

/** Signs a message that differs from the one we made out. */
async function linkChanged(change: Partial<Parameters<typeof createSiweMessage>[0]>) {
  const fields = parseSiweMessage(await message()) as Parameters<typeof createSiweMessage>[0];
  return linkSigned({
    owner: owner(),
    ...(await sign(createSiweMessage({ ...fields, ...change }))),
  });
}

async function deploy(chain: ChainName, data: Hex): Promise<Hex> {
  const hash = await on.transact(chain, { from: keyOf(0).address, data });
  const receipt = (await on.call(chain, "eth_getTransactionReceipt", [hash])) as {
    contractAddress: Hex;
  };
  return receipt.contractAddress;
}

async function contractWallet(chain: ChainName): Promise<Hex> {
  const bytecode = contracts.ContractWallet.creation as Hex;
  return deploy(chain, encodeDeployData({ abi: CONTRACT_WALLET, bytecode, args: [payer.address] }));
}

function mintData(to: Hex, dollars: number): Hex {
  const abi = parseAbi(["function mint(address to, uint256 value)"]);
  return encodeFunctionData({ abi, functionName: "mint", args: [to, units(dollars)] });
}

const paid = (chain: ChainName, dollars: number) =>
  on.send({ chain, from: payer.address, to: treasury, dollars });

type SentTransfer = { chain: ChainName; hash: Hex; expected?: TransferSubmission["expected"] };

function submit({ chain, hash, expected: expectedState = null }: SentTransfer) {
  return submitTransfer({
    accountId: account._id,
    ...TransferSubmission.parse({ chain, hash, expected: expectedState }),
  });
}

/** Reports a transaction and lets it be confirmed. */
async function settled(input: SentTransfer) {
  const transfer = await submit(input);
  await on.mine(input.chain, CONFIRMATIONS);
  return checkTransfer(transfer);
}

async function refused({ reason, ...input }: SentTransfer & { reason: string }) {
  expect(await settled(input)).toMatchObject({ state: "refused", reason });
  expect(await shown()).toMatchObject({
    open: false,
    reason: expect.stringMatching(/^Not credited/),
  });
  expect(await steps()).toEqual([
    "Sent done",
    "Seen failed",
    "Confirmations todo",
    "Credited todo",
  ]);
  await scanChain(input.chain);
  await checkDueTransfers(Date.now() + HOUR);
  expect(await credits()).toBe(0);
  expect(await listEntries(account._id)).toEqual([]);
}

async function credits(): Promise<number | undefined> {
  return (await findById(account._id))?.credits;
}

async function lastTransfer() {
  return (await listTransfers({ accountId: account._id, limit: 1 }))[0];
}

/** The latest transfer as the page shows it. */
async function shown() {
  return (await listTransferViews(account._id))[0];
}

/** Its steps, without times. */
async function steps() {
  const noteSuffix = (note = "") => (/^\d+ of/.test(note) ? ` ${note}` : "");
  return (await shown())?.steps.map(
    ({ name, state, note }) => `${name} ${state}${noteSuffix(note)}`,
  );
}

async function waiting(hash: Hex) {
  return (await listNeedingAttention()).filter((transfer) => transfer.hash === hash);
}
