import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { encodeDeployData, encodeFunctionData, parseAbi, type Hex } from "viem";
import { createSiweMessage, parseSiweMessage } from "viem/siwe";
import { createAccount } from "@/lib/accounts/create";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { closeDatabase } from "@/lib/db/client";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { listEntries } from "@/lib/ledger/queries";
import { listNeedingAttention } from "@/lib/payments/chain/attention";
import { checkTransfer } from "@/lib/payments/chain/check";
import { linkSigned, prepareLink } from "@/lib/payments/chain/link";
import { scanChain } from "@/lib/payments/chain/scan";
import { chainSettings, type ChainSettings } from "@/lib/payments/chain/settings";
import { submitTransfer, TransferSubmission } from "@/lib/payments/chain/submit";
import { listTransferViews } from "@/lib/payments/chain/views";
import { checkDueTransfers } from "@/lib/payments/chain/watch";
import { listTransfers } from "@/lib/transfers/queries";
import type { ChainName } from "@/lib/wallets/schema";
import contracts from "@/sandbox/chain/contracts/contracts.json";
import {
  actorsOf,
  CHAIN_NAMES,
  keyOf,
  startChainDeployment,
  units,
  type ChainDeployment,
} from "./chain-deployment";

export const CONTRACT_WALLET = parseAbi([
  "constructor(address owner)",
  "function execute(address[] targets, bytes[] calls)",
]);
export const CONFIRMATIONS = 3;
export const HOUR = 3_600_000;

export let deployment: ChainDeployment;
export let on: ReturnType<typeof actorsOf>;
export let treasury: Hex;
export let account: Account;
export let payer: ReturnType<typeof keyOf>;
let walletCount = 0;

/** Gives the tests of a file two chains, and each test a new account and a payer with tokens on both, in the exports above. */
export function useChains(): void {
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
}

export function settings(): ChainSettings {
  const currentSettings = chainSettings();
  if (currentSettings === null) throw new Error("The chains are off.");
  return currentSettings;
}

export async function newAccount(): Promise<Account> {
  return createAccount({ email: `${crypto.randomUUID()}@example.com` });
}

export const ownerOf = ({ _id, email }: Account) => ({ accountId: _id, email });
export const owner = () => ownerOf(account);

type PayRequest = {
  owner?: { accountId: string; email: string };
  address?: Hex;
  chain?: ChainName;
};

export function message({
  owner: whose = owner(),
  address = payer.address,
  chain = "base",
}: PayRequest = {}): Promise<string> {
  return prepareLink({ owner: whose, address: address.toLowerCase() as Hex, chain });
}

export async function sign(text: string) {
  return { message: text, signature: await payer.signMessage({ message: text }) };
}

export async function link() {
  return linkSigned({ owner: owner(), ...(await sign(await message())) });
}

/** Signs a message that differs from the one we made out. */
export async function linkChanged(change: Partial<Parameters<typeof createSiweMessage>[0]>) {
  const fields = parseSiweMessage(await message()) as Parameters<typeof createSiweMessage>[0];
  return linkSigned({
    owner: owner(),
    ...(await sign(createSiweMessage({ ...fields, ...change }))),
  });
}

export async function deploy(chain: ChainName, data: Hex): Promise<Hex> {
  const hash = await on.transact(chain, { from: keyOf(0).address, data });
  const receipt = (await on.call(chain, "eth_getTransactionReceipt", [hash])) as {
    contractAddress: Hex;
  };
  return receipt.contractAddress;
}

export async function contractWallet(chain: ChainName): Promise<Hex> {
  const bytecode = contracts.ContractWallet.creation as Hex;
  return deploy(chain, encodeDeployData({ abi: CONTRACT_WALLET, bytecode, args: [payer.address] }));
}

export function mintData(to: Hex, dollars: number): Hex {
  const abi = parseAbi(["function mint(address to, uint256 value)"]);
  return encodeFunctionData({ abi, functionName: "mint", args: [to, units(dollars)] });
}

export const sendPayment = (chain: ChainName, dollars: number) =>
  on.send({ chain, from: payer.address, to: treasury, dollars });

type SentTransfer = { chain: ChainName; hash: Hex; expected?: TransferSubmission["expected"] };

export function submit({ chain, hash, expected: expectedState = null }: SentTransfer) {
  return submitTransfer({
    accountId: account._id,
    ...TransferSubmission.parse({ chain, hash, expected: expectedState }),
  });
}

/** Reports a transaction, and mines until it is confirmed. */
export async function submitAndConfirm(input: SentTransfer) {
  const transfer = await submit(input);
  await on.mine(input.chain, CONFIRMATIONS);
  return checkTransfer(transfer);
}

export async function expectRefused({ reason, ...input }: SentTransfer & { reason: string }) {
  expect(await submitAndConfirm(input)).toMatchObject({ state: "refused", reason });
  expect(await latestView()).toMatchObject({
    open: false,
    reason: expect.stringMatching(/^Not credited/),
  });
  expect(await latestSteps()).toEqual([
    "Sent done",
    "Seen failed",
    "Confirmations todo",
    "Credited todo",
  ]);
  await scanChain(input.chain);
  await checkDueTransfers(Date.now() + HOUR);
  expect(await readCredits()).toBe(0);
  expect(await listEntries(account._id)).toEqual([]);
}

export async function readCredits(): Promise<number | undefined> {
  return (await findById(account._id))?.credits;
}

export async function lastTransfer() {
  return (await listTransfers({ accountId: account._id, limit: 1 }))[0];
}

/** The latest transfer as the page shows it. */
export async function latestView() {
  return (await listTransferViews(account._id))[0];
}

/** Its steps, without times. */
export async function latestSteps() {
  const noteSuffix = (note = "") => (/^\d+ of/.test(note) ? ` ${note}` : "");
  return (await latestView())?.steps.map(
    ({ name, state, note }) => `${name} ${state}${noteSuffix(note)}`,
  );
}

export async function listWaiting(hash: Hex) {
  return (await listNeedingAttention()).filter((transfer) => transfer.hash === hash);
}
