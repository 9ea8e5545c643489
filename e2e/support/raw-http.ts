import { connect, type Socket } from "node:net";

/** Sends bytes as they are; resolves to what was received until the connection closed, or for `waitMs`. */
export function sendRaw(
  origin: string,
  bytes: string | Buffer,
  { waitMs = 30_000, halfClose = false }: { waitMs?: number; halfClose?: boolean } = {},
): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = openSocket(origin, () => {
      if (halfClose) socket.end(bytes);
      else socket.write(bytes);
    });
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on("data", (chunk) => (text += chunk.toString("latin1")));
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

export function openSocket(origin: string, onConnect: () => void = () => {}): Socket {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, onConnect);
  socket.on("error", () => {});
  socket.on("end", () => socket.end());
  return socket;
}

/** The status of each response in raw bytes. */
export const statusesOf = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** A request in raw bytes; its connection is closed after the response. */
export function rawRequest({
  method = "GET",
  target = "/",
  headers = [],
  body = "",
}: {
  method?: string;
  target?: string;
  headers?: string[];
  body?: string;
}): string {
  const lines = [`${method} ${target} HTTP/1.1`, "Host: x", "Connection: close", ...headers];
  if (body !== "") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
