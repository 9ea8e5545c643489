import { env } from "@/lib/env";

interface AddressedRequest {
  headers: Record<string, string | string[] | undefined>;
  socket: { remoteAddress?: string | undefined };
}

/** Where a request came from: what the edge says in the header that is trusted, else the connection. "" when not known. */
export function clientAddress({ headers, socket }: AddressedRequest): string {
  const headerName = env().clientAddressHeader;
  if (headerName === undefined) return socket.remoteAddress ?? "";
  const value = headers[headerName];
  return typeof value === "string" ? value : "";
}
