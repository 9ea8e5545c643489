import { linkMethod } from "@/lib/users/methods";
import { findUserByMethod } from "@/lib/users/queries";
import type { LinkedMethod, User } from "@/lib/users/schema";
import { findOrCreateUser } from "./users";

/** Someone whom Google or GitHub vouches for; the address is one that they have verified. */
type ProviderPerson = Pick<LinkedMethod, "provider" | "subject" | "email"> & {
  name: unknown;
  imageUrl: unknown;
  /** The network address that signs in. */
  client: string;
};

/** The user of a person: the one they are linked to, else that of their address, looked up or created and linked. */
export async function userOfPerson({
  provider,
  subject,
  email,
  name,
  imageUrl,
  client,
}: ProviderPerson): Promise<User> {
  const existing = await findUserByMethod({ provider, subject });
  if (existing) return existing;
  const user = await findOrCreateUser({
    email,
    name: displayName(name),
    image: safeImageUrl(imageUrl),
    identity: { provider, subject },
    client,
  });
  await linkMethod({ userId: user._id, method: { provider, subject, email } });
  return user;
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
