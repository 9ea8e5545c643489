import { expect, type Page } from "@playwright/test";
import jsQR from "jsqr";
import { SignClient } from "@walletconnect/sign-client";
import { EventEmitter, once } from "node:events";
import type { TestWallet } from "./crypto-wallet";
import { walletPanel } from "./payments";

type WalletAnswer = TestWallet & {
  answer: (chainId: number, call: { method: string; params?: unknown[] }) => Promise<unknown>;
};

/** A wallet's app on a phone, as WalletConnect's own package speaks for one. */
export async function startPhone({ wallet, relayUrl }: { wallet: WalletAnswer; relayUrl: string }) {
  const items = new Map<string, unknown>();
  const client = await SignClient.init({
    projectId: "phone",
    relayUrl,
    logger: "silent",
    telemetryEnabled: false,
    customStoragePrefix: wallet.address,
    metadata: {
      name: "Phone wallet",
      description: "A wallet",
      url: "https://wallet.example",
      icons: [],
    },
    storage: {
      getKeys: async () => [...items.keys()],
      getEntries: async <T>() => [...items.entries()] as [string, T][],
      getItem: async <T>(key: string) => items.get(key) as T | undefined,
      setItem: async <T>(key: string, value: T) => void items.set(key, value),
      removeItem: async (key: string) => void items.delete(key),
    },
  });
  // It would ask WalletConnect whether the page is who it says.
  client.core.verify.resolve = async () => ({ origin: "" });
  const mood = { silent: false };
  const record = { proposals: [] as SessionProposal[], requests: [] as string[], ended: 0 };
  const proposals = new EventEmitter<{ proposal: [SessionProposal] }>();
  client.on("session_proposal", ({ params }) => proposals.emit("proposal", params));
  client.on("session_delete", () => record.ended++);
  client.on("session_request", async ({ id, topic, params }) => {
    const { method, params: inner } = params.request as { method: string; params: unknown[] };
    record.requests.push(`${params.chainId} ${method}`);
    if (mood.silent) return;
    const reply = async () => {
      if (wallet.declines) return { error: { code: 5000, message: "User rejected." } };
      try {
        return {
          result: await wallet.answer(Number(params.chainId.split(":")[1]), {
            method,
            params: inner,
          }),
        };
      } catch (error) {
        return {
          error: { code: -32_000, message: error instanceof Error ? error.message : String(error) },
        };
      }
    };
    await client.respond({ topic, response: { id, jsonrpc: "2.0", ...(await reply()) } as never });
  });

  return {
    record,
    /** Whether the person leaves what the wallet shows unanswered. */
    mood,
    /** Scans a code and says yes for some chains, or no. */
    async scan(uri: string, response: { chains: number[] } | "no") {
      const proposalEvent = once(proposals, "proposal") as Promise<[SessionProposal]>;
      await client.pair({ uri });
      const [proposal] = await proposalEvent;
      record.proposals.push(proposal);
      if (response === "no")
        return client.reject({
          id: proposal.id,
          reason: { code: 5000, message: "User rejected." },
        });
      const namespace = proposal.optionalNamespaces.eip155;
      const chains = response.chains.map((id) => `eip155:${id}`);
      const { acknowledged: acknowledge } = await client.approve({
        id: proposal.id,
        namespaces: {
          eip155: {
            chains,
            methods: namespace?.methods ?? [],
            events: namespace?.events ?? [],
            accounts: chains.map((chain) => `${chain}:${wallet.address}`),
          },
        },
      });
      await acknowledge();
    },
    sessions: () => client.session.length,
    endSession: () =>
      Promise.all(
        client.session.keys.map((topic) =>
          client.disconnect({ topic, reason: { code: 6000, message: "Done." } }),
        ),
      ),
    close: () => client.core.relayer.transportClose(),
  };
}

type SessionProposal = {
  id: number;
  proposer: { metadata: { name: string; url: string } };
  requiredNamespaces: Record<string, unknown>;
  optionalNamespaces: Record<string, { chains?: string[]; methods: string[]; events: string[] }>;
};

export const walletCode = (page: Page) =>
  walletPanel(page).getByRole("img", { name: "Code to scan with a wallet" });

/** Reads the code as a camera would: from its dots. */
export async function scanCode(page: Page): Promise<string> {
  await expect(walletCode(page)).toBeVisible();
  const { dots, side } = await walletCode(page).evaluate(async (svg) => {
    const copy = svg.cloneNode(true) as SVGElement;
    copy.setAttribute("width", "600");
    copy.setAttribute("height", "600");
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(copy.outerHTML)}`;
    await image.decode();
    const canvas = new OffscreenCanvas(600, 600);
    const context = canvas.getContext("2d");
    context?.drawImage(image, 0, 0);
    return { dots: Array.from(context?.getImageData(0, 0, 600, 600).data ?? []), side: 600 };
  });
  return jsQR(Uint8ClampedArray.from(dots), side, side)?.data ?? "";
}
