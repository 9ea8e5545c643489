import { isTeam, type Account } from "@/lib/accounts/schema";
import { invite } from "@/lib/auth/invitations";
import { findUser } from "@/lib/auth/users";
import { AppError } from "@/lib/errors";
import { now } from "@/lib/clock";
import { revokeInvitation } from "@/lib/teams/invitations";
import { removeMember, setRole, type TeamActor } from "@/lib/teams/members";
import { memberMissing } from "@/lib/teams/change";
import { findTeam } from "@/lib/teams/queries";
import type { Member } from "@/lib/teams/schema";
import { usersById } from "@/lib/users/queries";
import { displayNameOf, type User } from "@/lib/users/schema";
import type { ManagementCaller } from "./authorize";
import { changeBy, etagOf, requireMatch } from "./change";
import { INPUTS, parseInput } from "./input";
import type { ManagementContext, ManagementOperation } from "./operation";
import { invitationView, memberView } from "./views";

/** The members of an account with who they are; of a personal account, its user. Whose user was deleted is left out. */
async function listMembers(account: Account): Promise<{ member: Member; user: User }[]> {
  if (!isTeam(account)) {
    const user = await findUser(account._id);
    const { createdAt: joinedAt } = account;
    const member = { userId: account._id, role: "owner" as const, joinedAt, invitedBy: null };
    return user ? [{ member, user }] : [];
  }
  const members = (await findTeam(account._id))?.members ?? [];
  const users = await usersById(members.map(({ userId }) => userId));
  return members.flatMap((member) => {
    const user = users.get(member.userId);
    return user ? [{ member, user }] : [];
  });
}

/** The member that the path names. Somebody who is in another account only is the same 404 as nobody. */
async function memberOfPath({ caller, params }: ManagementContext) {
  const members = await listMembers(caller.account);
  const match = members.find(({ member }) => member.userId === params[0]);
  if (!match) throw memberMissing();
  return match;
}

const actorOf = ({ key }: ManagementCaller): TeamActor => ({ managementKey: key._id });
const targetOf = (user: User) => ({ id: user._id, name: displayNameOf(user) });

export const memberOperations: ManagementOperation[] = [
  {
    method: "GET",
    path: "/members",
    scope: "read",
    run: async ({ caller }) => ({
      status: 200,
      body: { data: (await listMembers(caller.account)).map(memberView) },
    }),
  },
  {
    method: "GET",
    path: "/members/{member}",
    scope: "read",
    run: async (context) => {
      const view = memberView(await memberOfPath(context));
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "PATCH",
    path: "/members/{member}",
    scope: "members",
    run: async (context) => {
      const { caller, body, ifMatch } = context;
      const { role } = parseInput(INPUTS.memberChanges, body);
      const before = await memberOfPath(context);
      const { member, user } = before;
      requireMatch(ifMatch, memberView(before));
      const accountId = caller.account._id;
      await changeBy(caller, "member.role_changed", async (note) => {
        await setRole({
          accountId,
          userId: member.userId,
          role,
          formerRole: member.role,
          by: actorOf(caller),
        });
        const changes = [{ name: "Role", before: member.role, after: role }];
        note({ target: targetOf(user), changes });
      });
      const view = memberView({ user, member: { ...member, role } });
      return { status: 200, body: view, etag: etagOf(view) };
    },
  },
  {
    method: "DELETE",
    path: "/members/{member}",
    scope: "members",
    run: async (context) => {
      const { caller } = context;
      const { member, user } = await memberOfPath(context);
      await changeBy(caller, "member.removed", async (note) => {
        const accountId = caller.account._id;
        await removeMember({ accountId, userId: member.userId, by: actorOf(caller) });
        note({ target: targetOf(user) });
      });
      return { status: 204 };
    },
  },
  {
    method: "GET",
    path: "/invitations",
    scope: "read",
    run: async ({ caller }) => {
      const invitations = (await findTeam(caller.account._id))?.invitations ?? [];
      const at = new Date(now());
      const open = invitations.filter(({ outcome }) => outcome === undefined);
      return { status: 200, body: { data: open.map((item) => invitationView(item, at)) } };
    },
  },
  {
    method: "POST",
    path: "/invitations",
    scope: "members",
    run: async ({ caller, body }) => {
      const { email, role } = parseInput(INPUTS.newInvitation, body);
      const { account, actor } = caller;
      const invitation = await changeBy(caller, "member.invited", async (note) => {
        const inviter = { by: actorOf(caller), invitedBy: creatorOf(caller), email: null };
        const { invitations } = await invite({ account, inviter, emails: [email], role }).catch(
          ofOneAddress,
        );
        const [newInvitation] = invitations;
        if (!newInvitation) throw new Error(`${actor.name} invited nobody.`);
        const changes = [{ name: "Role", before: null, after: role }];
        note({ target: { id: newInvitation.id, name: newInvitation.email }, changes });
        return newInvitation;
      });
      return { status: 201, body: invitationView(invitation, new Date(now())) };
    },
  },
  {
    method: "DELETE",
    path: "/invitations/{invitation}",
    scope: "members",
    run: async ({ caller, params }) => {
      await changeBy(caller, "invitation.revoked", async (note) => {
        const invitation = await revokeInvitation({
          accountId: caller.account._id,
          invitationId: params[0] ?? "",
          by: actorOf(caller),
          now: new Date(now()),
        });
        note({ target: { id: invitation.id, name: invitation.email } });
      });
      return { status: 204 };
    },
  },
];

/** The form takes several addresses, the body one. */
function ofOneAddress(error: unknown): never {
  if (!(error instanceof AppError) || error.param !== "emails") throw error;
  throw new AppError(error.code, error.message, { param: "email", cause: error });
}

const creatorOf = ({ key }: ManagementCaller) => ({
  kind: "management_key" as const,
  id: key._id,
  name: key.name,
});
