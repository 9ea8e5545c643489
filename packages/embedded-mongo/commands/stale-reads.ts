import { copyForReads } from "../storage/copy-for-reads";
import type { DocumentStore } from "../storage/document-store";
import { isDocument, type BsonDocument } from "../values/values";

/** So long, and for so many reads, a client goes on reading from the old primary. */
const STALE_MS = 500;
const STALE_READS_MAX = 20;
const CLIENTS_MAX = 50;

type StaleView = { store: () => DocumentStore; until: number; readsLeft: number };

/**
 * For tests: a primary that was deposed and has not noticed. For a moment it serves reads of the clients that still take it for the
 * primary, from what it had; a write ends that, because it can reach no majority. A client that was sent to the new primary never
 * reads from the old one again. Clients differ by the application name of their handshake. MongoDB: two members may for a moment
 * both take themselves for the primary (footnote of https://www.mongodb.com/docs/manual/core/read-preference/).
 */
export function createStaleReads() {
  const clients = new WeakMap<object, string>();
  /** Names of clients; the one that was seen last is the last entry. */
  const seenClients = new Set<string>();
  const views = new Map<string, StaleView>();

  return {
    /** Notes which client a connection belongs to, and that it is there. */
    note: (connection: object, { client }: BsonDocument): void => {
      if (isDocument(client) && isDocument(client.application))
        clients.set(connection, String(client.application.name));
      const name = clients.get(connection);
      if (name === undefined) return;
      seenClients.delete(name);
      seenClients.add(name);
      const [oldest] = seenClients;
      if (seenClients.size > CLIENTS_MAX && oldest !== undefined) seenClients.delete(oldest);
    },
    /** From here on one client, not the one that was sent away, reads what there is now. */
    begin: (store: DocumentStore, connection: object): void => {
      const staleClient = [...seenClients].findLast((name) => name !== clients.get(connection));
      if (staleClient === undefined || !clients.has(connection)) return;
      views.set(staleClient, {
        store: copyForReads(store),
        until: performance.now() + STALE_MS,
        readsLeft: STALE_READS_MAX,
      });
    },
    /** The store that a connection reads from the old primary; null when it knows the new one. */
    storeFor: (connection: object): DocumentStore | null => {
      const name = clients.get(connection) ?? "";
      const view = views.get(name);
      if (view && view.readsLeft-- > 0 && performance.now() < view.until) return view.store();
      views.delete(name);
      return null;
    },
    /** Returns true for a write that the old primary rejects: its client then looks for the new one. */
    end: (connection: object): boolean => views.delete(clients.get(connection) ?? ""),
  };
}
