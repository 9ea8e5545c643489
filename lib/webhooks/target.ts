import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { env } from "@/lib/env";
import { isLoopback } from "@/lib/env/values";
import { AppError } from "@/lib/errors";
import { isPublicAddress } from "@/lib/http/public-address";
import { URL_LENGTH_MAX } from "@/lib/webhook-endpoints/schema";

/** The addresses of a name; injected by tests. */
export type ResolveHost = (host: string, signal: AbortSignal) => Promise<string[]>;

/** A name that resolves to an address that events are not posted to. */
export class RefusedAddress extends Error {
  constructor(
    readonly host: string,
    readonly address: string,
  ) {
    super("The name resolves to an address that is not public.");
  }
}

const HTTPS_PORT = 443;
/** Ports below are for other services than a web server of a customer's. */
const FREE_PORTS_FROM = 1_024;

/** The URL of an endpoint in its one form. Throws bad_request, at the field `url`, for one that events are not posted to. */
export function parseTarget(input: string): URL {
  const text = input.trim();
  if (text.length > URL_LENGTH_MAX)
    throw wrongUrl(`A URL has at most ${URL_LENGTH_MAX.toLocaleString("en-US")} characters.`);
  if (!URL.canParse(text))
    throw wrongUrl("Enter a complete URL, such as https://example.com/webhooks/onekey.");
  const url = new URL(text);
  const isSandbox = env().mode === "sandbox";
  if (url.protocol !== "https:" && !(isSandbox && url.protocol === "http:"))
    throw wrongUrl("Use an https URL: events are not posted over an unencrypted connection.");
  if (url.username !== "" || url.password !== "")
    throw wrongUrl("Leave the user name and password out: check the signature instead.");
  if (url.hash !== "") throw wrongUrl("Leave the part after # out: it is never sent.");
  const port = Number(url.port);
  if (url.port !== "" && port !== HTTPS_PORT && port < FREE_PORTS_FROM)
    throw wrongUrl(`Port ${port} is not supported. Use 443, or one from ${FREE_PORTS_FROM} on.`);
  return url;
}

/**
 * The addresses of a URL's host, each of which is public; in the sandbox, loopback is allowed too. A connection goes to one of
 * these, so that the name cannot resolve to another address between the check and the connection. Throws RefusedAddress, or the
 * error of the resolver.
 */
export async function resolveTarget(
  url: URL,
  signal: AbortSignal,
  resolve: ResolveHost = resolveHost,
): Promise<{ address: string; family: 4 | 6 }[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await resolve(host, signal) : [host];
  return addresses.map((address) => {
    const family = isIP(address);
    if (family === 0 || !isAllowed(address)) throw new RefusedAddress(host, address);
    return { address, family: family === 4 ? 4 : 6 };
  });
}

const isAllowed = (address: string): boolean =>
  isPublicAddress(address) || (env().mode === "sandbox" && isLoopback(address));

/** Throws bad_request, at the field `url`, when the host of a URL does not resolve to public addresses now. */
export async function checkTarget(url: URL, resolve?: ResolveHost): Promise<void> {
  try {
    await resolveTarget(url, AbortSignal.timeout(CHECK_MS), resolve);
  } catch (error) {
    if (error instanceof RefusedAddress)
      throw wrongUrl(
        error.host === error.address
          ? `${error.host} is not a public address. Use a public one.`
          : // Without the address: a name server of this network may know names that are nobody else's business.
            `${error.host} resolves to an address that is not public. Use a public one.`,
      );
    throw wrongUrl(`${url.hostname} could not be resolved. Check the name, or try again later.`);
  }
}

const CHECK_MS = 5_000;

/**
 * The A and AAAA records of a name. It asks the name servers over sockets and reads no hosts file, so that it neither takes one of
 * the process's four threads nor learns a name of this machine.
 */
async function resolveHost(host: string, signal: AbortSignal): Promise<string[]> {
  if (env().mode === "sandbox" && host === "localhost") return ["127.0.0.1"];
  const resolver = new Resolver({ timeout: 2_500, tries: 2 });
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const [ipv4, ipv6] = await Promise.allSettled([
      resolver.resolve4(host),
      resolver.resolve6(host),
    ]);
    const addresses = [ipv4, ipv6].flatMap((result) =>
      result.status === "fulfilled" ? result.value : [],
    );
    if (addresses.length > 0) return addresses;
    throw ipv4.status === "rejected" ? ipv4.reason : new Error("The name has no address.");
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

const wrongUrl = (message: string) => new AppError("bad_request", message, { param: "url" });
