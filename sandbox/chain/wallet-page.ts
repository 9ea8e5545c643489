/**
 * The script that shows a page the sandbox's wallet (EIP-1193, announced by EIP-6963). It asks the person by the
 * browser's own dialogue, as an extension would in a separate window, and the server signs what the user agreed to.
 */
export function walletScript(): string {
  return `(${announceWallet.toString()})();\n`;
}

/** Runs in the page from its source text: it can use nothing from outside this function. */
function announceWallet(): void {
  type AccountsListener = (value: unknown) => void;
  type RpcCall = { method: string; params?: unknown[] };
  const names: Record<string, string> = { "0x2105": "base", "0x1": "ethereum" };
  const listeners = new Map<string, Set<AccountsListener>>();
  let chain = "0x2105";
  let isConnected = false;

  const failure = (code: number, message: string) => Object.assign(new Error(message), { code });
  const agree = (question: string) => {
    if (!window.confirm(`Sandbox wallet (play money)\n\n${question}`))
      throw failure(4001, "User rejected the request.");
  };
  const ask = async ({ method, params = [] }: RpcCall): Promise<unknown> => {
    const answer = await fetch(`/sandbox/wallet/${names[chain] ?? ""}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ method, params }),
    });
    const { result, error } = (await answer.json()) as {
      result?: unknown;
      error?: { code: number; message: string };
    };
    if (error) throw failure(error.code, error.message);
    return result;
  };
  const textOf = (hex: string) =>
    new TextDecoder().decode(
      Uint8Array.from(hex.slice(2).match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
    );
  const transferOf = ({ to, data }: { to?: string; data?: string }) => {
    if (!data?.startsWith("0xa9059cbb")) return `Send a transaction to ${to ?? "a new contract"}?`;
    const amount = Number(BigInt(`0x${data.slice(74, 138)}`)) / 1e6;
    return `Send ${amount} of the token ${to ?? ""} on ${names[chain] ?? chain} to 0x${data.slice(34, 74)}?`;
  };

  const request = async (call: RpcCall): Promise<unknown> => {
    const [first] = call.params ?? [];
    switch (call.method) {
      case "eth_chainId":
        return chain;
      case "eth_accounts":
        return isConnected ? ask(call) : [];
      case "eth_requestAccounts":
        if (!isConnected) agree(`Show this page your address?`);
        isConnected = true;
        return ask({ method: "eth_accounts" });
      case "wallet_requestPermissions":
        if (!isConnected) agree(`Show this page your address?`);
        isConnected = true;
        return [{ parentCapability: "eth_accounts" }];
      case "wallet_revokePermissions":
        isConnected = false;
        return null;
      case "wallet_switchEthereumChain": {
        const { chainId } = first as { chainId: string };
        if (names[chainId] === undefined) throw failure(4902, "Unrecognized chain.");
        chain = chainId;
        for (const listener of listeners.get("chainChanged") ?? []) listener(chain);
        return null;
      }
      case "personal_sign":
        agree(`Sign this message?\n\n${textOf(String(first))}`);
        return ask(call);
      case "eth_sendTransaction":
        agree(transferOf(first as { to?: string; data?: string }));
        return ask(call);
      default:
        return ask(call);
    }
  };

  const provider = {
    request,
    on(event: string, listener: AccountsListener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return provider;
    },
    removeListener(event: string, listener: AccountsListener) {
      listeners.get(event)?.delete(listener);
      return provider;
    },
  };
  const icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='6' fill='none' stroke='%230b6b73' stroke-width='3'/%3E%3C/svg%3E";
  const detail = Object.freeze({
    info: Object.freeze({
      uuid: crypto.randomUUID(),
      name: "Sandbox wallet",
      icon,
      rdns: "local.onekey.sandbox",
    }),
    provider,
  });
  const announce = () =>
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}
