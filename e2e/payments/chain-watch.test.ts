import { describe, expect, test } from "vitest";
import { findById } from "@/lib/accounts/queries";
import { COMMANDS } from "@/cli/commands";
import { NANO_PER_CREDIT } from "@/lib/money";
import { assignTransfer } from "@/lib/payments/chain/attention";
import { checkTransfer } from "@/lib/payments/chain/check";
import { scanChain } from "@/lib/payments/chain/scan";
import { type ChainSettings } from "@/lib/payments/chain/settings";
import { checkDueTransfers } from "@/lib/payments/chain/watch";
import { TransferSubmission } from "@/lib/payments/chain/submit";
import { CHAIN_NAMES, hasAnvil } from "./chain-deployment";
import { startExplorer } from "./explorer";

import {
  CONFIRMATIONS,
  HOUR,
  account,
  deployment,
  lastTransfer,
  link,
  listWaiting,
  newAccount,
  on,
  readCredits,
  sendPayment,
  settings,
  submit,
  useChains,
} from "./chain-payments";

describe.skipIf(!hasAnvil)("payments on chain that are not reported", () => {
  useChains();

  describe.each(CHAIN_NAMES)("on %s", (chain) => {
    test("a transfer from a linked wallet is found with no page open", async () => {
      await link();
      await scanChain(chain);
      await sendPayment(chain, 11);
      await scanChain(chain);
      expect(await lastTransfer()).toMatchObject({ state: "sent", expected: null });
      await on.mine(chain, CONFIRMATIONS);
      await checkDueTransfers(Date.now() + HOUR);
      expect(await readCredits()).toBe(11 * NANO_PER_CREDIT);
    });

    test("what came while nobody looked, over many blocks, is found from the cursor on", async () => {
      await link();
      await scanChain(chain);
      await sendPayment(chain, 3);
      await on.mine(chain, 2_500);
      await scanChain(chain);
      await checkDueTransfers(Date.now() + HOUR);
      expect(await readCredits()).toBe(3 * NANO_PER_CREDIT);
    });

    test("one from an unknown sender waits for the operator, who assigns it once", async () => {
      await scanChain(chain);
      const hash = await sendPayment(chain, 42);
      await scanChain(chain);
      expect(await listWaiting(hash)).toEqual([]);
      await on.mine(chain, CONFIRMATIONS);
      await scanChain(chain);
      await scanChain(chain);
      const listing = await listWaiting(hash);
      expect(listing).toMatchObject([{ chain, token: "USDC", amount: 42 * NANO_PER_CREDIT }]);
      const { id } = listing[0] ?? { id: "" };
      const assign = () => assignTransfer({ id, accountId: account._id, operator: null });
      await Promise.allSettled([assign(), assign()]);
      expect(await readCredits()).toBe(42 * NANO_PER_CREDIT);
      expect(await listWaiting(hash)).toEqual([]);
      const otherAccount = await newAccount();
      await expect(
        assignTransfer({ id, accountId: otherAccount._id, operator: null }),
      ).rejects.toThrow("credited before");
      expect((await findById(otherAccount._id))?.credits).toBe(0);
    });

    test("the operator's commands list one from an unknown sender and assign it to an account, once", async () => {
      await scanChain(chain);
      const hash = await sendPayment(chain, 7);
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
      expect(await readCredits()).toBe(7 * NANO_PER_CREDIT);
      await expect(assign?.({ transfer, email: (await newAccount()).email })).rejects.toThrow(
        "credited before",
      );
      expect(await listWaiting(hash)).toEqual([]);
    });

    test("one that waits is its sender's as soon as the wallet is linked", async () => {
      await scanChain(chain);
      const hash = await sendPayment(chain, 8);
      await on.mine(chain, CONFIRMATIONS);
      await scanChain(chain);
      expect(await listWaiting(hash)).toHaveLength(1);
      expect(await submit({ chain, hash })).toMatchObject({
        state: "refused",
        reason: "not_yours",
      });
      await link();
      await checkDueTransfers(Date.now() + HOUR);
      expect(await readCredits()).toBe(8 * NANO_PER_CREDIT);
      expect(await listWaiting(hash)).toEqual([]);
    });

    test("with Etherscan's API set up, nothing is credited that it does not confirm", async () => {
      await link();
      const explorer = await startExplorer(deployment.nodes[chain].anvil.url);
      try {
        const hash = await sendPayment(chain, 6);
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
        expect(await readCredits()).toBe(0);
        explorer.says = "the same";
        expect(await checkTransfer(first, { settings: checkSettings })).toMatchObject({
          state: "credited",
        });
        expect(explorer.queries.at(-1)).toMatchObject({
          chainid: String(chain === "base" ? 8453 : 1),
          apikey: "test-key",
        });
        expect(await readCredits()).toBe(6 * NANO_PER_CREDIT);
      } finally {
        await explorer.close();
      }
    });
  });

  test("a transaction on one chain is none on the other", async () => {
    await link();
    const hash = await sendPayment("base", 10);
    const elsewhere = await submit({ chain: "ethereum", hash });
    expect(elsewhere).toMatchObject({ state: "sent", reason: "not_found" });
    expect(await readCredits()).toBe(0);
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
