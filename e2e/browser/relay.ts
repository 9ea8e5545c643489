import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";

type RelayCall = { id: number; method?: string; params?: Record<string, unknown> };
type RelayMessage = { topic: string; message: string; tag: number; publishedAt: number };

export type RelayServer = Awaited<ReturnType<typeof startRelay>>;

/**
 * A relay of WalletConnect's: it passes sealed messages on by topic, and keeps them for who subscribes later.
 * https://specs.walletconnect.com/2.0/specs/servers/relay/relay-server-rpc
 */
export async function startRelay() {
  const server = createServer((_req, res) => res.writeHead(426).end());
  const sockets = new WebSocketServer({ server });
  const subscribers = new Map<string, Set<WebSocket>>();
  const messages = new Map<string, RelayMessage[]>();
  /** Everything the relay received: the requested addresses and every frame, with the sender's project. */
  const frames: { project: string | null; text: string }[] = [];
  let isSilent = false;
  let nextId = 1;

  const subscribe = (socket: WebSocket, topic: string) => {
    subscribers.set(topic, (subscribers.get(topic) ?? new Set()).add(socket));
    for (const message of messages.get(topic) ?? []) pass(socket, message);
    return subscriptionOf(topic);
  };
  const subscriptionOf = (topic: string) => createHash("sha256").update(topic).digest("hex");
  const pass = (socket: WebSocket, data: RelayMessage) =>
    socket.send(
      JSON.stringify({
        id: nextId++,
        jsonrpc: "2.0",
        method: "irn_subscription",
        params: { id: subscriptionOf(data.topic), data },
      }),
    );
  const publish = (from: WebSocket, { topic, message, tag }: Record<string, unknown>) => {
    const data = {
      topic: String(topic),
      message: String(message),
      tag: Number(tag),
      publishedAt: Date.now(),
    };
    messages.set(data.topic, [...(messages.get(data.topic) ?? []), data]);
    for (const socket of subscribers.get(data.topic) ?? []) if (socket !== from) pass(socket, data);
    return true;
  };

  const response = (socket: WebSocket, { method, params = {} }: RelayCall): unknown => {
    const [topic, topics] = [String(params.topic), params.topics as string[]];
    switch (method) {
      case "irn_subscribe":
        return subscribe(socket, topic);
      case "irn_batchSubscribe":
        return topics.map((name) => subscribe(socket, name));
      case "irn_unsubscribe":
        return subscribers.get(topic)?.delete(socket) ?? true;
      case "irn_batchFetchMessages":
        return { messages: topics.flatMap((name) => messages.get(name) ?? []), hasMore: false };
      case "irn_publish":
        return publish(socket, params);
      case "wc_proposeSession": {
        const { pairingTopic, sessionProposal } = params;
        subscribe(socket, String(pairingTopic));
        return publish(socket, { topic: pairingTopic, message: sessionProposal, tag: 1100 });
      }
      case "wc_approveSession": {
        const { pairingTopic, sessionTopic, sessionProposalResponse, sessionSettlementRequest } =
          params;
        subscribe(socket, String(sessionTopic));
        publish(socket, { topic: pairingTopic, message: sessionProposalResponse, tag: 1101 });
        return publish(socket, {
          topic: sessionTopic,
          message: sessionSettlementRequest,
          tag: 1102,
        });
      }
      default:
        throw new Error(`The mock relay does not know ${method}.`);
    }
  };

  sockets.on("connection", (socket, request) => {
    const project = new URL(request.url ?? "/", "http://relay").searchParams.get("projectId");
    frames.push({ project, text: request.url ?? "" });
    // An unavailable relay accepts and sends nothing: a refused connection is the same to the page, but sooner.
    if (isSilent) return;
    socket.on("message", (raw) => {
      const text = String(raw);
      frames.push({ project, text });
      const call = JSON.parse(text) as RelayCall;
      if (call.method === undefined) return;
      socket.send(JSON.stringify({ id: call.id, jsonrpc: "2.0", result: response(socket, call) }));
    });
    socket.on("close", () => {
      for (const all of subscribers.values()) all.delete(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    frames,
    connections: () => sockets.clients.size,
    setAway: (on: boolean) => {
      isSilent = on;
      for (const socket of sockets.clients) socket.terminate();
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
