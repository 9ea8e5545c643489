import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rpc } from "@/sandbox/chain/rpc";

type ExplorerReply =
  | "the same"
  | "down"
  | "unknown"
  | "other amount"
  | "reverted"
  | "other block"
  | "invalid key";
type LogReceipt = { status: string; blockHash: string; logs: { data: string }[] };

/** Etherscan's API v2 as far as it is used, over a local chain; it can be down, behind, or report something else. */
export async function startExplorer(chainUrl: string) {
  const queries: Record<string, string>[] = [];
  const explorer = {
    url: "",
    says: "the same" as ExplorerReply,
    queries,
    close: async () => {},
  };
  const server = createServer((req, res) => {
    const query = Object.fromEntries(new URL(req.url ?? "/", "http://explorer").searchParams);
    queries.push(query);
    if (explorer.says === "down") return void req.socket.destroy();
    const send = (value: object) =>
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (explorer.says === "unknown") return void send({ jsonrpc: "2.0", id: 1, result: null });
    if (explorer.says === "invalid key")
      return void send({ status: "0", message: "NOTOK", result: "Invalid API Key (#err2)" });
    void rpc(chainUrl, query.action ?? "", [query.txhash]).then((result) =>
      send({ jsonrpc: "2.0", id: 1, result: changed(result as LogReceipt, explorer.says) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  explorer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/api`;
  explorer.close = async () => {
    server.closeAllConnections();
    server.close();
  };
  return explorer;
}

function changed(receipt: LogReceipt, says: ExplorerReply): LogReceipt {
  if (says === "reverted") return { ...receipt, status: "0x0" };
  if (says === "other block") return { ...receipt, blockHash: `0x${"00".repeat(32)}` };
  if (says !== "other amount") return receipt;
  return {
    ...receipt,
    logs: receipt.logs.map((log) => ({ ...log, data: `0x${"0".repeat(63)}1` })),
  };
}
