import { getDomain } from "tldts-icann";
import data from "./mailbox-providers.json";

interface MailboxProvider {
  name: string;
  /** The page that lists the domains or states the rules. */
  source: string;
  /** Characters of the local part that the provider ignores. */
  ignored?: string;
  /** Whether one local part is one mailbox under all of the domains. */
  oneMailbox?: boolean;
  domains: string[];
}

const providers: MailboxProvider[] = data;
const providerByDomain = new Map(
  providers.flatMap((provider) => provider.domains.map((domain) => [domain, provider] as const)),
);

export const mailboxProviderOf = (domain: string): MailboxProvider | undefined =>
  providerByDomain.get(domain);

/**
 * The registrable domain of an address by the ICANN part of the Public Suffix List (https://publicsuffix.org), such as
 * `example.co.uk`; null for a large mailbox provider, whose addresses belong to unrelated people. Names below a private
 * suffix, which many services give away, count as one domain.
 */
export function organizationDomain(email: string): string | null {
  const host = email.toLowerCase().split("@")[1] ?? "";
  const domain = getDomain(host) ?? host;
  return providerByDomain.has(host) || providerByDomain.has(domain) ? null : domain;
}
