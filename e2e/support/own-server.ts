import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, vi } from "vitest";
import { useOwnDatabase } from "@/lib/db/own-database";
import { handleNode } from "@/lib/gateway/adapters/node";
import { createSocketGateway } from "@/lib/gateway/adapters/socket";
import { closeChannels } from "@/lib/gateway/upstream/channels";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { startProviders, type MockProviders } from "@/sandbox/providers";
import { createIngress } from "@/server/ingress/create-ingress";
import type { PageServer } from "@/server/pages";

export type OwnServer = {
  /** Host and port. */
  address: string;
  origin: string;
  /** The requests to the gateway so far, as method and path. */
  requests: string[];
  providers: MockProviders;
};

/** A server without pages: what is no path of the API is a 404. */
const pages = {
  started: () => true,
  serve: ({ res }: { res: { writeHead(status: number): { end(): void } } }) =>
    Promise.resolve(res.writeHead(404).end()),
} as unknown as PageServer;

/**
 * Gives the tests of a file a server in their own process: ingress, gateway and sockets, an embedded database, and the mock
 * providers. `settings` are environment variables. The values are there once the tests run.
 */
export function createOwnServer(settings: Record<string, string> = {}): OwnServer {
  const own = { address: "", origin: "", requests: [] as string[] } as OwnServer;
  const open = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    open.add(work);
    void work.catch(() => {}).finally(() => open.delete(work));
  };
  let server: ReturnType<typeof createIngress> | null = null;
  beforeAll(async () => {
    own.providers = await startProviders();
    vi.stubEnv("ONEKEY_SANDBOX_PROVIDERS", `http://127.0.0.1:${own.providers.port}`);
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  });
  useOwnDatabase(ensureIndexes);
  beforeAll(async () => {
    const sockets = createSocketGateway(track);
    server = createIngress({
      pages,
      serveApi: (req, res) => {
        own.requests.push(`${req.method} ${req.url}`);
        track(handleNode(req, res));
      },
      serveSocket: (handshake) => track(sockets.accept(handshake)),
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    own.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    own.origin = `http://${own.address}`;
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await Promise.allSettled(open);
    await own.providers.close();
    await closeChannels();
  });
  return own;
}
