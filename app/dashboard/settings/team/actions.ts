"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { invite, sendInvitationAgain, type Inviter } from "@/lib/auth/invitations";
import { requirePermission, type AccountMember } from "@/lib/auth/member";
import { rotateKeysOf } from "@/lib/auth/rotate-member-keys";
import { mailTransferred } from "@/lib/auth/transfer-mail";
import { AppError } from "@/lib/errors";
import { revokeInvitation } from "@/lib/teams/invitations";
import { leaveTeam, removeMember, setRole, transferOwnership } from "@/lib/teams/members";
import { INVITED_TOGETHER_MAX, InvitedRole, Role } from "@/lib/teams/schema";
import { usersById } from "@/lib/users/queries";
import { displayNameOf } from "@/lib/users/schema";
import { auditedByPerson, personOf, requestOrigin } from "../../audited";
import { formAction } from "../../form-action";
import { may } from "../../may";

const PAGE = "/dashboard/settings/team";
const id = z.string().max(64);
const MemberTarget = z.object({ userId: id });
const InvitationTarget = z.object({ invitationId: id });

const inviterOf = ({ user }: AccountMember): Inviter => ({
  by: { userId: user._id },
  invitedBy: personOf(user),
  email: user.email,
});

/** The member as an entry of the audit log names them. */
async function targetOf(userId: string) {
  const user = (await usersById([userId])).get(userId);
  return { id: userId, name: user ? displayNameOf(user) : userId };
}

/** Addresses of a text field: one a line, or separated by commas. */
const Addresses = z
  .string()
  .max(300 * INVITED_TOGETHER_MAX, `Enter 1 to ${INVITED_TOGETHER_MAX} addresses.`)
  .transform((text) => text.split(/[\s,;]+/).filter((part) => part !== ""));

export const inviteAction = formAction({
  schema: z.object({ emails: Addresses, role: InvitedRole }),
  authorize: may("members:manage", PAGE),
  run: async (member, { emails, role }) => {
    const { account } = member;
    const unsent = await auditedByPerson(member, "member.invited", async (note) => {
      const sent = await invite({ account, inviter: inviterOf(member), emails, role });
      note({
        target: { id: account._id, name: sent.invitations.map(({ email }) => email).join(", ") },
        changes: [{ name: "Role", before: null, after: role }],
      });
      return sent.unsent;
    });
    refreshTeam();
    return { unsent };
  },
});

export const resendInvitationAction = formAction({
  schema: InvitationTarget,
  authorize: may("members:manage", PAGE),
  run: async (member, { invitationId }) => {
    const { account } = member;
    const inviter = inviterOf(member);
    const unsent = await auditedByPerson(member, "invitation.sent_again", async (note) => {
      const sent = await sendInvitationAgain({ account, inviter, invitationId });
      note({ target: { id: invitationId, name: sent.invitations[0]?.email ?? "" } });
      return sent.unsent;
    });
    refreshTeam();
    if (unsent.length > 0)
      throw new AppError(
        "unavailable",
        "The former link no longer works, and the email with the new one could not be sent. Send it again.",
      );
    return {};
  },
});

export const revokeInvitationAction = formAction({
  schema: InvitationTarget,
  authorize: may("members:manage", PAGE),
  run: async ({ account, user }, { invitationId }) => {
    await auditedByPerson({ account, user }, "invitation.revoked", async (note) => {
      const by = { userId: user._id };
      const change = { accountId: account._id, invitationId, by, now: new Date() };
      note({ target: { id: invitationId, name: (await revokeInvitation(change)).email } });
    });
    refreshTeam();
    return {};
  },
});

export const changeRoleAction = formAction({
  schema: MemberTarget.extend({ role: Role, formerRole: Role }),
  authorize: may("members:manage", PAGE),
  run: async ({ account, user }, { userId, role, formerRole }) => {
    await auditedByPerson({ account, user }, "member.role_changed", async (note) => {
      const by = { userId: user._id };
      const { before } = await setRole({ accountId: account._id, userId, by, role, formerRole });
      note({
        target: await targetOf(userId),
        changes: [{ name: "Role", before, after: role }],
      });
    });
    refreshTeam();
    return { formerRole };
  },
});

/** Removes a member; on request their keys get new secrets, which the result shows once. */
export const removeMemberAction = formAction({
  schema: MemberTarget.extend({ rotates: z.literal("on").optional() }),
  authorize: may("members:manage", PAGE),
  run: async (member, { userId, rotates }) => {
    const { account, user } = member;
    if (rotates !== undefined) requirePermission(member, "projects:manage");
    await auditedByPerson({ account, user }, "member.removed", async (note) => {
      const by = { userId: user._id };
      const { role } = await removeMember({ accountId: account._id, userId, by });
      note({
        target: await targetOf(userId),
        changes: [{ name: "Role", before: role, after: null }],
      });
    });
    const keys =
      rotates === undefined
        ? []
        : await rotateKeysOf({
            accountId: account._id,
            userId,
            actor: { ...personOf(user), role: member.role },
            ...(await requestOrigin()),
          });
    // With new secrets the page stays as it is until they were seen: the row that shows them would be gone.
    if (keys.length === 0) refreshTeam();
    return { keys };
  },
});

/** Everybody may leave; the last owner may not. */
export const leaveTeamAction = formAction({
  schema: z.object({}),
  authorize: may("members:view", PAGE),
  run: async (member) => {
    const { account, user } = member;
    await auditedByPerson(member, "member.left", () =>
      leaveTeam({ accountId: account._id, userId: user._id }),
    );
    redirect("/dashboard");
  },
});

export const transferOwnershipAction = formAction({
  schema: MemberTarget.extend({ confirm: z.string().max(200) }),
  authorize: may("ownership:manage", PAGE),
  run: async ({ account, user }, { userId, confirm }) => {
    if (confirm.trim() !== account.name)
      throw new AppError(
        "bad_request",
        `Type ${account.name} to confirm. Nothing was transferred.`,
        { param: "confirm" },
      );
    await auditedByPerson({ account, user }, "member.ownership_transferred", async (note) => {
      await transferOwnership({ accountId: account._id, from: user._id, to: userId });
      note({ target: await targetOf(userId) });
    });
    const { name: newOwner } = await targetOf(userId);
    await mailTransferred({ account, formerOwner: displayNameOf(user), newOwner });
    refreshTeam();
    return {};
  },
});

const refreshTeam = () => revalidatePath("/dashboard", "layout");
