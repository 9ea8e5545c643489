import { env } from "@/lib/env";

interface Request {
  headers: Record<string, string | string[] | undefined>;
  socket: { remoteAddress?: string | undefined };
}

/** Where a request came from: what the edge says in the header that is trusted, else the connection. "" when not known. */
export function clientAddress({ headers, socket }: Request): string {
  const trusted = env().clientAddressHeader;
  if (trusted === undefined) return socket.remoteAddress ?? "";
  const named = headers[trusted];
  return typeof named === "string" ? named : "";
}
