import type { Adapter, AdapterAccount, AdapterUser } from "next-auth/adapters";
import { createSession } from "@/lib/sessions/create";
import { consumeLink, saveLink } from "@/lib/sessions/links";
import type { SignInMethod } from "@/lib/sessions/schema";
import { linkMethod } from "@/lib/users/methods";
import { findUserByMethod } from "@/lib/users/queries";
import { LinkedMethod, type User } from "@/lib/users/schema";
import { displayName, safeImageUrl } from "./person";
import { takeOverDebts } from "./take-over-debts";
import { findOrCreateUser, findUser, findUserOfAddress } from "./users";

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
  /** next-auth looks an identity up before it creates a user for it, and leaves it out there. */
  let identity: Pick<LinkedMethod, "provider" | "subject"> | null = null;
  const adapter: Adapter = {
    getUserByEmail: async (email) => adapterUser(await findUserOfAddress(email)),
    getUserByAccount: async ({ provider, providerAccountId }) => {
      const method = LinkedMethod.shape.provider.safeParse(provider);
      if (!method.success) return null;
      identity = { provider: method.data, subject: providerAccountId };
      return adapterUser(await findUserByMethod(identity));
    },
    createUser: async ({ email, name, image }: Omit<AdapterUser, "id">) =>
      present(
        await findOrCreateUser({
          email,
          name: displayName(name),
          image: safeImageUrl(image),
          ...(identity === null ? {} : { identity }),
          client,
        }),
      ),
    // A link was used: there is nothing to note, its address is the user's own.
    updateUser: async ({ id }) => present(await findUser(id)),
    linkAccount: async ({ userId, provider, providerAccountId }: AdapterAccount) => {
      // The user was looked up or created by the address that the provider has verified.
      const { email } = present(await findUser(userId));
      const method = {
        provider: LinkedMethod.shape.provider.parse(provider),
        subject: providerAccountId,
        email,
      };
      await linkMethod({ userId, method });
    },
    createSession: async ({ userId }) => {
      await takeOverDebts(userId);
      session = await createSession({ userId, method, userAgent });
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

function adapterUser(user: User | null): AdapterUser | null {
  if (user === null) return null;
  const { _id: id, email, name, image, createdAt: emailVerified } = user;
  return { id, email, emailVerified, name, image };
}

function present(user: User | null): AdapterUser {
  const presentUser = adapterUser(user);
  if (presentUser === null) throw new Error("The user was deleted while they signed in.");
  return presentUser;
}
