import { describe, expect, test } from "vitest";
import { encodeFunctionData, type Hex } from "viem";
import { findById } from "@/lib/accounts/queries";
import { listEntries } from "@/lib/ledger/queries";
import { NANO_PER_CREDIT } from "@/lib/money";
import { checkTransfer } from "@/lib/payments/chain/check";
import { linkSigned } from "@/lib/payments/chain/link";
import { scanChain } from "@/lib/payments/chain/scan";
import { submitTransfer } from "@/lib/payments/chain/submit";
import { checkDueTransfers } from "@/lib/payments/chain/watch";
import { listTransfers } from "@/lib/transfers/queries";
import contracts from "@/sandbox/chain/contracts/contracts.json";
import { CHAIN_NAMES, hasAnvil, keyOf, TOKEN, units } from "./chain-deployment";

import {
  CONFIRMATIONS,
  CONTRACT_WALLET,
  HOUR,
  account,
  contractWallet,
  deploy,
  deployment,
  expectRefused,
  lastTransfer,
  latestSteps,
  latestView,
  link,
  message,
  mintData,
  newAccount,
  on,
  owner,
  payer,
  readCredits,
  sendPayment,
  sign,
  submit,
  submitAndConfirm,
  treasury,
  useChains,
} from "./chain-payments";

describe.skipIf(!hasAnvil)("payments on chain", () => {
  useChains();

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
        expect(await latestView()).toMatchObject({
          title: expect.stringMatching(/^12.345678 .*, on its way$/),
          open: true,
        });
        expect(await latestSteps()).toEqual([
          "Sent done",
          "Seen done",
          `Confirmations now 1 of ${CONFIRMATIONS}`,
          "Credited todo",
        ]);
        expect(await readCredits()).toBe(0);
        await on.mine(chain, CONFIRMATIONS);
        await checkDueTransfers(Date.now() + HOUR);
        expect(await lastTransfer()).toMatchObject({ state: "credited", reason: null });
        expect(await latestView()).toMatchObject({
          title: expect.stringMatching(/, credited$/),
          open: false,
          reason: null,
        });
        expect(await readCredits()).toBe(12_345_678_000);
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
      const hash = await sendPayment(chain, 20);
      await submitAndConfirm({ chain, hash });
      const upper = `0x${hash.slice(2).toUpperCase()}` as Hex;
      expect(await submitAndConfirm({ chain, hash: upper })).toMatchObject({
        state: "credited",
        hash,
      });
      await scanChain(chain);
      expect(await readCredits()).toBe(20 * NANO_PER_CREDIT);
      expect(await listTransfers({ accountId: account._id, limit: 9 })).toHaveLength(1);
    });

    test("a transfer reported many times concurrently is credited once", async () => {
      await link();
      const hash = await sendPayment(chain, 7);
      await on.mine(chain, CONFIRMATIONS);
      await Promise.all(Array.from({ length: 12 }, () => submit({ chain, hash })));
      await Promise.all([scanChain(chain), scanChain(chain), checkDueTransfers(Date.now() + HOUR)]);
      expect(await readCredits()).toBe(7 * NANO_PER_CREDIT);
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
      await expectRefused({ chain, hash, reason: "reverted" });
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
      await expectRefused({ chain, hash, reason: "wrong_token" });
    });

    test("a transfer to someone else is refused", async () => {
      await link();
      const hash = await on.send({ chain, from: payer.address, to: keyOf(3).address, dollars: 9 });
      await expectRefused({ chain, hash, reason: "wrong_recipient" });
    });

    test("a transaction without a transfer is refused", async () => {
      await link();
      const hash = await on.transact(chain, { from: payer.address, to: treasury });
      await expectRefused({ chain, hash, reason: "no_transfer" });
    });

    test("a transfer of 0 is refused", async () => {
      await link();
      const hash = await on.send({ chain, from: payer.address, to: treasury, dollars: 0 });
      await expectRefused({ chain, hash, reason: "zero" });
    });

    test("a hash that does not exist is looked for, then refused", async () => {
      await link();
      const hash: Hex = `0x${"ab".repeat(31)}${chain === "base" ? "01" : "02"}`;
      const first = await submit({ chain, hash });
      expect(first).toMatchObject({ state: "sent", reason: "not_found" });
      const last = await checkTransfer(first, { now: Date.now() + HOUR });
      expect(last).toMatchObject({ state: "refused", reason: "not_found" });
      expect(await readCredits()).toBe(0);
    });

    test("someone else's transfer is refused, and still credited to them", async () => {
      await link();
      const thief = await newAccount();
      const hash = await sendPayment(chain, 15);
      await on.mine(chain, CONFIRMATIONS);
      const claim = await submitTransfer({ accountId: thief._id, chain, hash, expected: null });
      expect(claim).toMatchObject({ state: "refused", reason: "not_yours" });
      expect((await findById(thief._id))?.credits).toBe(0);
      await submitAndConfirm({ chain, hash });
      expect(await readCredits()).toBe(15 * NANO_PER_CREDIT);
    });

    test("a dropped block is never credited; the transfer is once it is in another", async () => {
      await link();
      const before = await on.call(chain, "evm_snapshot");
      const hash = await sendPayment(chain, 30);
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
      expect(await readCredits()).toBe(0);
      await on.call(chain, "anvil_impersonateAccount", [payer.address]);
      const newHash = await on.transact(chain, {
        from: payer.address,
        to: raw.to,
        data: raw.input,
      });
      await on.mine(chain, CONFIRMATIONS);
      await submitAndConfirm({ chain, hash: newHash });
      expect(await readCredits()).toBe(30 * NANO_PER_CREDIT);
    });

    test("a node that is down or serves another chain credits nothing and loses nothing", async () => {
      await link();
      const node = deployment.nodes[chain];
      const hash = await sendPayment(chain, 5);
      await on.mine(chain, CONFIRMATIONS);
      node.down = true;
      expect(await submit({ chain, hash })).toMatchObject({ state: "sent", reason: "unreachable" });
      node.down = false;
      node.chainId = 31_337;
      await checkDueTransfers(Date.now() + HOUR);
      expect(await lastTransfer()).toMatchObject({ state: "sent", reason: "wrong_chain" });
      await scanChain(chain);
      expect(await readCredits()).toBe(0);
      node.chainId = null;
      await checkDueTransfers(Date.now() + 2 * HOUR);
      expect(await lastTransfer()).toMatchObject({ state: "credited", reason: null });
      expect(await readCredits()).toBe(5 * NANO_PER_CREDIT);
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
      await submitAndConfirm({ chain, hash });
      await scanChain(chain);
      expect((await listEntries(account._id)).map(({ _id, amount }) => [_id, amount])).toEqual([
        [`${chain}:${hash}:2`, 6 * NANO_PER_CREDIT],
        [`${chain}:${hash}:0`, 4 * NANO_PER_CREDIT],
      ]);
    });

    test("a large transfer waits until its block is final", async () => {
      await link();
      const hash = await sendPayment(chain, 1_000);
      await on.mine(chain, CONFIRMATIONS);
      expect(await submit({ chain, hash })).toMatchObject({ state: "seen", final: true });
      await checkDueTransfers(Date.now() + HOUR);
      expect(await lastTransfer()).toMatchObject({
        state: "seen",
        confirmations: CONFIRMATIONS + 1,
        final: true,
      });
      expect(await readCredits()).toBe(0);
      await on.mine(chain, 64);
      await checkDueTransfers(Date.now() + 2 * HOUR);
      expect(await lastTransfer()).toMatchObject({ state: "credited", final: true });
      expect(await readCredits()).toBe(1_000 * NANO_PER_CREDIT);
    });
  });
});
