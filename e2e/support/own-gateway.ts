import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, vi } from "vitest";
import { accounts } from "@/lib/accounts/collection";
import { createAccount } from "@/lib/accounts/create";
import { regenerateKey } from "@/lib/keys/regenerate";
import { useOwnDatabase } from "@/lib/db/own-database";
import { handleNode } from "@/lib/gateway/adapters/node";
import { closeChannels } from "@/lib/gateway/upstream/channels";
import { post } from "@/lib/ledger/post";
import { ensureIndexes } from "@/lib/maintenance/boot";

export type OwnGateway = {
  origin: string;
  port: number;
  /** How many requests reached the provider. */
  received: number;
  /** What the provider does before it responds. */
  beforeResponse: (req: IncomingMessage) => Promise<void> | void;
  /** What it responds with. */
  respond: (res: ServerResponse) => void;
};

const COMPLETION = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  model: "gpt-6-luna",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
});

/**
 * Gives the tests of a file the gateway in their own process: its Node adapter, an embedded database, and a provider that
 * responds to everything with one short completion unless a test says otherwise. `settings` are environment variables.
 */
export function useOwnGateway(settings: Record<string, string> = {}): OwnGateway {
  const gateway: OwnGateway = {
    origin: "",
    port: 0,
    received: 0,
    beforeResponse: () => {},
    respond: (res) => {
      res.writeHead(200, { "content-type": "application/json" }).end(COMPLETION);
    },
  };
  // On a busy machine a client would send on a connection that is just being closed as idle.
  const options = { keepAliveTimeout: 60_000 };
  const provider = createServer(options, async (req, res) => {
    gateway.received++;
    req.resume();
    await once(req, "end");
    await gateway.beforeResponse(req);
    gateway.respond(res);
  });
  const server = createServer(options, (req, res) => void handleNode(req, res));
  beforeAll(async () => {
    vi.stubEnv("ONEKEY_SANDBOX_PROVIDERS", `http://127.0.0.1:${await listen(provider)}`);
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    gateway.port = await listen(server);
    gateway.origin = `http://127.0.0.1:${gateway.port}`;
  });
  useOwnDatabase(ensureIndexes);
  afterAll(async () => {
    for (const httpServer of [server, provider]) {
      httpServer.closeAllConnections();
      httpServer.close();
    }
    await closeChannels();
  });
  return gateway;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

let count = 0;

/** A new account with a key; `credits` in nano-credits, in the place of its free requests. */
export async function createFundedAccount({ credits = 0 } = {}) {
  const name = `own-gateway-${++count}`;
  const account = await createAccount({ email: `${name}@example.com` });
  const projectId = account.projects[0]?.id ?? "";
  const key = await regenerateKey({ accountId: account._id, projectId });
  if (credits > 0) {
    const source = { sourceId: account._id, accountId: account._id, kind: "grant" as const };
    await post({ ...source, amount: credits, reason: "test" });
    await accounts.updateOne({ _id: account._id }, { $set: { "free.requests": 0 } });
  }
  return { accountId: account._id, projectId, key };
}

/** Sends bytes as they are; `closed` resolves to everything received, `waitFor` once it has received what matches. */
export function openRaw(port: number, bytes: string | Buffer) {
  const socket: Socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  let text = "";
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.on("error", () => {});
  const untilClosed = new Promise<string>((resolve) => socket.on("close", () => resolve(text)));
  const waitFor = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => pattern.test(text) && resolve(text);
      look();
      socket.on("data", look);
      socket.on("close", () => reject(new Error(`The connection was closed after: ${text}`)));
    });
  return { socket, closed: untilClosed, waitFor };
}

/** The head of a chat request with a body of a stated length. */
export const chatHead = (key: string, length: number, headers = "") =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n` +
  `content-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n`;

export const HELLO = JSON.stringify({
  model: "gpt-6-luna",
  max_tokens: 20,
  messages: [{ role: "user", content: "Hello" }],
});

export function chat(origin: string, key: string, body: BodyInit = HELLO, headers = {}) {
  return fetch(`${origin}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body,
  });
}
