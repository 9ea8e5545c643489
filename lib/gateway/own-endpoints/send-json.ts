import type { Exchange } from "../exchange";

/** Sends a value as the complete response of an own endpoint. */
export function sendJson(exchange: Exchange, requestId: string, value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value));
  exchange.head(200, {
    "content-type": "application/json",
    "content-length": String(bytes.length),
    "cache-control": "no-store",
    "x-onekey-request-id": requestId,
  });
  void exchange.write(bytes);
  exchange.end();
}
