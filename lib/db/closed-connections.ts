import { Connection } from "mongodb/lib/cmap/connection.js";

const PATCHED = Symbol.for("onekey.closed-connections");

/**
 * The driver (7.9.0) writes a command and, where the socket takes no more, waits for the socket to drain. One that is destroyed
 * in that instant never drains, so the command never ends; and where it was the driver's own check of the server, it makes no
 * other and finds no server until the process is restarted. Here a connection that closes wakes what waits for it: the
 * command finds the connection closed and fails like any other, to be tried again.
 */
export function endWaitsOfClosedConnections(): void {
  const connections = Connection.prototype as typeof Connection.prototype & { [PATCHED]?: true };
  if (connections[PATCHED]) return;
  const { cleanup } = connections;
  if (typeof cleanup !== "function")
    throw new Error("This mongodb driver closes connections in another way: see here.");
  connections.cleanup = function (error) {
    cleanup.call(this, error);
    // A command that passed its look at the connection before this writes before the turn ends.
    setImmediate(() => this.socket.emit("drain"));
  };
  connections[PATCHED] = true;
}
