import type { Adapter, AdapterAccount, AdapterUser } from "next-auth/adapters";
import { findOrCreateAccount, linkMethod } from "@/lib/accounts/methods";
import { findByEmail, findById, findByMethod } from "@/lib/accounts/queries";
import { LinkedMethod, type Account } from "@/lib/accounts/schema";
import { createSession } from "@/lib/sessions/create";
import { consumeLink, saveLink } from "@/lib/sessions/links";
import type { SignInMethod } from "@/lib/sessions/schema";
import { displayName, safeImageUrl } from "./person";
import { takeOverDebts } from "./take-over-debts";

export type NewSession = { token: string; expires: Date };

/**
 * next-auth's view of our records, for one request: what a sign-in calls and no more, because sessions are read and ended
 * only by `lib/sessions`. `created` returns the session that the request made.
 */
export function adapterFor({
  method,
  userAgent,
  client,
}: {
  method: SignInMethod;
  userAgent: string;
  client: string;
}) {
  let session: NewSession | null = null;
  /** next-auth looks an identity up before it creates an account for it, and leaves it out there. */
  let identity: Pick<LinkedMethod, "provider" | "subject"> | null = null;
  const adapter: Adapter = {
    getUserByEmail: async (email) => userOf(await findByEmail(email)),
    getUserByAccount: async ({ provider, providerAccountId }) => {
      const method = LinkedMethod.shape.provider.safeParse(provider);
      if (!method.success) return null;
      identity = { provider: method.data, subject: providerAccountId };
      return userOf(await findByMethod(identity));
    },
    createUser: async ({ email, name, image }: Omit<AdapterUser, "id">) =>
      present(
        await findOrCreateAccount({
          email,
          name: displayName(name),
          image: safeImageUrl(image),
          ...(identity === null ? {} : { identity }),
          client,
        }),
      ),
    // A link was used: there is nothing to note, its address is the account's own.
    updateUser: async ({ id }) => present(await findById(id)),
    linkAccount: async ({ userId, provider, providerAccountId }: AdapterAccount) => {
      // The account was found or made by the address that the provider has verified.
      const { email } = present(await findById(userId));
      const method = {
        provider: LinkedMethod.shape.provider.parse(provider),
        subject: providerAccountId,
        email,
      };
      await linkMethod({ accountId: userId, method });
    },
    createSession: async ({ userId }) => {
      await takeOverDebts(userId);
      session = await createSession({ accountId: userId, method, userAgent });
      return { sessionToken: session.token, userId, expires: session.expires };
    },
    createVerificationToken: async (link) => {
      await saveLink({ _id: link.token, email: link.identifier, expires: link.expires });
      return link;
    },
    useVerificationToken: async ({ token }) => {
      const link = await consumeLink(token);
      return link && { identifier: link.email, token, expires: link.expires };
    },
  };
  return { adapter, created: () => session };
}

function userOf(account: Account | null): AdapterUser | null {
  if (account === null) return null;
  const { _id: id, email, name, image, createdAt: emailVerified } = account;
  return { id, email, emailVerified, name, image };
}

function present(account: Account | null): AdapterUser {
  const user = userOf(account);
  if (user === null) throw new Error("The account was deleted while it signed in.");
  return user;
}
