import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { encodeFunctionData, parseAbi, recoverMessageAddress, toHex, type Hex } from "viem";
import { CHAINS } from "@/lib/payments/chain/tokens";
import { startChain } from ".";
import { findAnvil } from "./anvil";
import { compileContracts } from "./contracts/compile.mjs";
import contracts from "./contracts/contracts.json";
import { rpc } from "./rpc";

const POLL = { timeout: 10_000 };

test("the compiled contracts are those of the source", () => {
  expect(compileContracts()).toEqual(contracts);
});

describe.skipIf(findAnvil() === null).each(["base", "ethereum"] as const)(
  "the local chain of %s",
  (name) => {
    const token = parseAbi([
      "function balanceOf(address) view returns (uint256)",
      "function transfer(address, uint256)",
    ]);

    test("starts at the first request, with tokens at their addresses and funded wallets", async () => {
      const chain = await startChain(name);
      if (chain === null) throw new Error("anvil was found before.");
      const wallet = async (owner: string, method: string, params: unknown[] = []) =>
        (await post(`${chain.url}/wallet`, { owner, method, params })) as Hex;
      const addressOf = async (owner: string) => (await wallet(owner, "eth_accounts"))[0] as Hex;
      try {
        expect(await rpc(chain.url, "eth_chainId")).toBe(toHex(CHAINS[name].id));
        const [mine, theirs] = await Promise.all([addressOf("usr_a"), addressOf("usr_b")]);
        expect(mine).not.toBe(theirs);

        const signature = await wallet("usr_a", "personal_sign", [toHex("hello"), mine]);
        expect(await recoverMessageAddress({ message: "hello", signature })).toBe(mine);

        for (const { address } of Object.values(CHAINS[name].tokens)) {
          const data = encodeFunctionData({
            abi: token,
            functionName: "transfer",
            args: [theirs, 5n],
          });
          const hash = await wallet("usr_a", "eth_sendTransaction", [
            { from: mine, to: address, data },
          ]);
          await expect
            .poll(
              async () =>
                ((await rpc(chain.url, "eth_getTransactionReceipt", [hash])) as { status: Hex })
                  ?.status,
            )
            .toBe("0x1");
          const read = encodeFunctionData({
            abi: token,
            functionName: "balanceOf",
            args: [theirs],
          });
          expect(
            BigInt(String(await rpc(chain.url, "eth_call", [{ to: address, data: read }]))),
          ).toBe(5n);
        }
        await expect(wallet("usr_a", "anvil_setBalance", [mine, "0x1"])).rejects.toThrow(
          "does not answer",
        );
      } finally {
        await chain.close();
      }
    });

    test.skipIf(process.platform !== "linux").each(["anvil", "sh"])(
      "starts again when its %s process is killed, and leaves no process",
      async (program) => {
        const chain = await startChain(name);
        if (chain === null) throw new Error("anvil was found before.");
        const running = () => descendants(process.pid);
        const before = running();
        try {
          await rpc(chain.url, "eth_chainId");
          const [shell = 0] = running().filter((pid) => !before.includes(pid));
          const [first = 0] = childrenOf(shell, "anvil");
          process.kill(program === "sh" ? shell : first, "SIGKILL");
          await expect
            .poll(
              () => [shell, first].filter((pid) => running().includes(pid) || isAlive(pid)),
              POLL,
            )
            .toEqual([]);
          expect(await rpc(chain.url, "eth_chainId")).toBe(toHex(CHAINS[name].id));
        } finally {
          await chain.close();
        }
        await expect.poll(() => running().filter((pid) => !before.includes(pid)), POLL).toEqual([]);
      },
    );
  },
);

async function post(url: string, body: object): Promise<unknown> {
  const answer = (await (
    await fetch(url, { method: "POST", body: JSON.stringify(body) })
  ).json()) as {
    result: unknown;
    error?: { message: string };
  };
  if (answer.error) throw new Error(answer.error.message);
  return answer.result;
}

const pgrep = (...args: string[]) =>
  spawnSync("pgrep", args, { encoding: "utf8" }).stdout.split("\n").filter(Boolean).map(Number);
const childrenOf = (pid: number, program: string) => pgrep("-P", String(pid), program);

/** The shells that this process started, and what they run. */
function descendants(pid: number): number[] {
  return childrenOf(pid, "sh").flatMap((shell) => [shell, ...childrenOf(shell, "anvil")]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
