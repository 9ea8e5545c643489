import { findOrCreateAccount, linkMethod } from "@/lib/accounts/methods";
import { findByMethod } from "@/lib/accounts/queries";
import type { Account, LinkedMethod } from "@/lib/accounts/schema";

/** Someone whom Google or GitHub vouches for; the address is one that they have verified. */
type ProviderPerson = Pick<LinkedMethod, "provider" | "subject" | "email"> & {
  name: unknown;
  imageUrl: unknown;
  /** The network address that signs in. */
  client: string;
};

/** The account of a person: the one they are linked to, else that of their address, found or made and linked. */
export async function accountOf({
  provider,
  subject,
  email,
  name,
  imageUrl,
  client,
}: ProviderPerson): Promise<Account> {
  const existing = await findByMethod({ provider, subject });
  if (existing) return existing;
  const account = await findOrCreateAccount({
    email,
    name: displayName(name),
    image: safeImageUrl(imageUrl),
    identity: { provider, subject },
    client,
  });
  await linkMethod({ accountId: account._id, method: { provider, subject, email } });
  return account;
}

export function displayName(name: unknown): string {
  return typeof name === "string" ? name.trim().slice(0, 100) : "";
}

export function safeImageUrl(url: unknown): string | null {
  return typeof url === "string" &&
    url.length <= 500 &&
    url.startsWith("https://") &&
    URL.canParse(url)
    ? url
    : null;
}
