import { env } from "@/lib/env";

/**
 * The network address of a page's client, "" when not known: from the header that the operator trusts, else from the one
 * that this server's own connection handler overwrites.
 */
export function clientOf(headers: Pick<Headers, "get">): string {
  return headers.get(env().clientAddressHeader ?? "x-forwarded-for") ?? "";
}
