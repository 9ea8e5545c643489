import type { IncomingMessage, ServerResponse } from "node:http";
import { isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { count } from "@/lib/metrics";

/** Requests that one connection may send ahead of their responses. */
const PIPELINED_MAX = 16;

type OpenConnection = {
  socket: Duplex;
  address: string;
  /** Whether a request of this connection is being served. */
  busy: boolean;
  /** Requests that were sent ahead; each starts when the response before it has ended. */
  queue: (() => void)[];
};

export type ConnectionLimits = ReturnType<typeof createConnections>;

/**
 * The open connections of this process, at most `max` in all and `perAddressMax` from one address (null: no limit of its
 * own). At the limit, the connection that has waited longest for its next request to be complete
 * is closed: only slow and idle clients are disconnected, never requests in progress.
 */
export function createConnections({
  max,
  perAddressMax,
}: {
  max: number;
  perAddressMax: ((address: string) => number | null) | null;
}) {
  const open = new Map<Duplex, OpenConnection>();
  const perAddress = new Map<string, number>();
  /** Connections without a request in progress, the one that has waited longest first. */
  const waiting = new Set<OpenConnection>();

  function closeLongestWaiting(isCandidate: (connection: OpenConnection) => boolean): boolean {
    for (const connection of waiting)
      if (isCandidate(connection)) {
        count("onekey_connections_closed_total", { reason: "limit" });
        forget(connection);
        connection.socket.destroy();
        return true;
      }
    return false;
  }

  function forget(connection: OpenConnection): void {
    if (!open.delete(connection.socket)) return;
    waiting.delete(connection);
    connection.queue = [];
    const remaining = (perAddress.get(connection.address) ?? 1) - 1;
    if (remaining > 0) perAddress.set(connection.address, remaining);
    else perAddress.delete(connection.address);
  }

  return {
    /** Admits a new connection, or destroys it when a limit is reached. */
    add(socket: Duplex, remoteAddress: string): void {
      const address = addressGroup(remoteAddress);
      const addressMax = perAddressMax?.(remoteAddress) ?? null;
      const sameAddress = perAddress.get(address) ?? 0;
      const isAdmitted =
        (addressMax === null ||
          sameAddress < addressMax ||
          closeLongestWaiting((connection) => connection.address === address)) &&
        (open.size < max || closeLongestWaiting(() => true));
      if (!isAdmitted) {
        count("onekey_connections_closed_total", { reason: "limit" });
        socket.destroy();
        return;
      }
      const connection: OpenConnection = { socket, address, busy: false, queue: [] };
      open.set(socket, connection);
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      waiting.add(connection);
      socket.once("close", () => forget(connection));
    },

    /**
     * Starts a request when the responses before it on its connection have ended: a response that is not the first of its
     * connection has no socket, and would never learn that the client left.
     */
    begin(req: IncomingMessage, res: ServerResponse, start: () => void): void {
      const connection = open.get(req.socket);
      if (connection === undefined) return;
      const run = () => {
        connection.busy = true;
        waiting.delete(connection);
        res.once("close", () => {
          connection.busy = false;
          if (!open.has(req.socket)) return;
          waiting.delete(connection);
          waiting.add(connection);
          connection.queue.shift()?.();
        });
        start();
      };
      if (!connection.busy) run();
      else if (connection.queue.length < PIPELINED_MAX) connection.queue.push(run);
      else req.socket.destroy();
    },

    /** Marks a request as waiting for its client: its connection may be closed for a new one until `resume`. */
    suspend(req: IncomingMessage): void {
      const connection = open.get(req.socket);
      if (connection !== undefined) waiting.add(connection);
    },

    resume(req: IncomingMessage): void {
      const connection = open.get(req.socket);
      if (connection !== undefined) waiting.delete(connection);
    },

    /** Open connections, and those of them that could be closed for new ones. */
    size: () => ({ open: open.size, waiting: waiting.size }),
  };
}

/** The addresses that are limited together: one IPv4 address, or the /64 network of an IPv6 address (one customer's). */
export function addressGroup(address: string): string {
  if (address.startsWith("::ffff:")) return address.slice(7);
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const start = head === "" ? [] : head.split(":");
  const end = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - start.length - end.length);
  const groups = [...start, ...Array.from({ length: gap }, () => "0"), ...end];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase())
    .join(":")}::/64`;
}

export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
