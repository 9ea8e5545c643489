import type { Metadata } from "next";
import { PageHeader } from "@/components/dashboard/page-header";
import { InvitationsTable } from "@/components/team/invitations-table";
import { InviteDialog } from "@/components/team/invite-dialog";
import { MembersTable } from "@/components/team/members-table";
import { buttonStyle } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { isTeam } from "@/lib/accounts/schema";
import { requireMember } from "@/lib/auth/member";
import * as clock from "@/lib/clock";
import { formatCount } from "@/lib/format";
import { isAllowed } from "@/lib/teams/permissions";
import { SettingsTabs } from "../tabs";
import {
  changeRoleAction,
  inviteAction,
  leaveTeamAction,
  removeMemberAction,
  resendInvitationAction,
  revokeInvitationAction,
  transferOwnershipAction,
} from "./actions";
import { PermissionsTable } from "./permissions-table";
import { invitationViews, memberViews } from "./views";

export const metadata: Metadata = { title: "Team" };

const PAGE = "/dashboard/settings/team";

export default async function TeamPage() {
  const member = await requireMember("members:view", PAGE);
  const { account, role } = member;
  if (!isTeam(account)) return <NoTeam />;
  const now = clock.now();
  const canManage = isAllowed(role, "members:manage");
  const [members, invitations] = await Promise.all([
    memberViews(member, now),
    invitationViews(account._id, now),
  ]);
  return (
    <>
      <PageHeader
        title="Settings"
        line={`${account.name} is a team of ${members.length === 1 ? "one person" : `${formatCount(members.length)} people`} on one balance.`}
        action={
          canManage ? <InviteDialog teamName={account.name} invite={inviteAction} /> : undefined
        }
      />
      <SettingsTabs current={PAGE} viewerRole={role} />
      <MembersTable
        members={members}
        teamName={account.name}
        viewerRole={role}
        canManage={canManage}
        actions={{
          changeRole: changeRoleAction,
          remove: removeMemberAction,
          leave: leaveTeamAction,
          transfer: transferOwnershipAction,
        }}
      />
      <InvitationsTable
        invitations={invitations}
        canManage={canManage}
        resend={resendInvitationAction}
        revoke={revokeInvitationAction}
      />
      <PermissionsTable />
    </>
  );
}

/** In a personal account: what a team is, and how to create one. */
function NoTeam() {
  return (
    <>
      <PageHeader title="Settings" line="A personal account has one person." />
      <SettingsTabs current={PAGE} viewerRole="owner" />
      <div className="rounded-lg border border-line max-md:px-4">
        <Empty
          title="Work with others in a team"
          action={
            <Link
              href="/dashboard/new-team"
              prefetch={false}
              className={buttonStyle({ variant: "primary" })}
            >
              Create a team
            </Link>
          }
        >
          A team is a separate account with a balance, projects and keys of several people, each
          with a role. This account stays yours, with its keys and credits.
        </Empty>
      </div>
      <PermissionsTable />
    </>
  );
}
