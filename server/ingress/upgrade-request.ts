import { IncomingMessage } from "node:http";
import { SOCKET_PATH } from "@/lib/gateway/adapters/socket";
import { findApiPath } from "@/lib/http/api-path";

/**
 * A request whose upgrade is announced to Node only where a socket is served for it. Every other one stays a request: Node
 * would stop parsing its connection, and the body of a client that merely offers h2c would be lost.
 */
export class UpgradeRequest extends IncomingMessage {
  // Declared only: the constructor of IncomingMessage sets `upgrade` before fields of this class are initialized.
  declare private offersUpgrade: boolean | null;

  // Node sets and asks for it while it parses the head. https://nodejs.org/api/http.html#event-upgrade_1
  set upgrade(offersUpgrade: boolean) {
    this.offersUpgrade = offersUpgrade;
  }

  get upgrade(): boolean {
    return this.offersUpgrade === true && (this.method === "CONNECT" || isSocketHandshake(this));
  }
}

/** Whether a request is a handshake of RFC 6455 §4.1 at the path of sockets. */
function isSocketHandshake({ method, url = "", headers }: IncomingMessage): boolean {
  if (method !== "GET" || !/^\s*websocket\s*$/i.test(headers.upgrade ?? "")) return false;
  if (headers["sec-websocket-version"] !== "13") return false;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(headers["sec-websocket-key"] ?? "")) return false;
  const [path = ""] = url.split("?");
  return findApiPath(path, headers) === SOCKET_PATH;
}
