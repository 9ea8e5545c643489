import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type ReceivedEvent = { headers: Record<string, string>; body: string; path: string };
type Respond = (res: ServerResponse, req: IncomingMessage) => void;

/** A customer's server on a loopback port: keeps what was posted, and responds as a test says. */
export async function startReceiver(respond: Respond = (res) => void res.writeHead(204).end()) {
  const events: ReceivedEvent[] = [];
  const state = { respond };
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      const headers = Object.fromEntries(
        Object.entries(req.headers).map(([name, value]) => [name, String(value)]),
      );
      events.push({ headers, body, path: req.url ?? "" });
      state.respond(res, req);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    events,
    respondWith: (next: Respond) => {
      state.respond = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Responds with a status, at its end immediately. */
export const withStatus =
  (status: number, headers: Record<string, string> = {}): Respond =>
  (res) =>
    void res.writeHead(status, headers).end();
