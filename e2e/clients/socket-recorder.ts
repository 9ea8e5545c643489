import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** What a client and a server have exchanged, as SHA-256 of each message, in their order. */
type RecordedMessages = { fromClient: string[]; toClient: string[] };

/** Stands between a client and a server: passes everything on, and records the messages of sockets as the client has them. */
export async function startSocketRecorder(origin: string) {
  const recorded: RecordedMessages = { fromClient: [], toClient: [] };
  const server = createServer((req, res) => passOn(req, res, origin));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on("upgrade", (req, connection, head) => {
    const url = `${origin.replace(/^http/, "ws")}${req.url}`;
    const { authorization = "" } = req.headers;
    const upstream = new WebSocket(url, { headers: { authorization }, perMessageDeflate: false });
    upstream.on("error", () => connection.destroy());
    upstream.once("open", () =>
      sockets.handleUpgrade(req, connection, head, (client) => {
        client.on("message", (message: Buffer, isBinary) => {
          recorded.fromClient.push(sha256(message));
          upstream.send(message, { binary: isBinary });
        });
        upstream.on("message", (message: Buffer, isBinary) => {
          recorded.toClient.push(sha256(message));
          client.send(message, { binary: isBinary });
        });
        client.on("close", () => upstream.terminate());
        upstream.on("close", () => client.terminate());
      }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    recorded,
    close: () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

function passOn(req: IncomingMessage, res: ServerResponse, origin: string): void {
  const { method, headers } = req;
  const upstream = request(`${origin}${req.url}`, { method, headers }, (response) => {
    res.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(res);
  });
  upstream.on("error", () => res.destroy());
  req.pipe(upstream);
}
