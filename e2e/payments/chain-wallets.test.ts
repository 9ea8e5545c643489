import { describe, expect, test } from "vitest";
import { type Hex } from "viem";
import { parseSiweMessage } from "viem/siwe";
import { linkSigned } from "@/lib/payments/chain/link";
import { linkWallet } from "@/lib/wallets/link";
import { listWallets } from "@/lib/wallets/queries";
import { hasAnvil, keyOf } from "./chain-deployment";

import {
  HOUR,
  account,
  contractWallet,
  deployment,
  link,
  linkChanged,
  message,
  newAccount,
  owner,
  ownerOf,
  payer,
  sign,
  useChains,
} from "./chain-payments";

describe.skipIf(!hasAnvil)("payments on chain", () => {
  useChains();

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
});
