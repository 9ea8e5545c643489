import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/dashboard/section";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { Role } from "@/lib/teams/schema";
import { Avatar } from "./avatar";
import { LazyMemberMenu } from "./lazy-member-menu";
import type { MemberActions, MemberView } from "./members";
import { RoleSelect } from "./role-select";
import { ROLE_NAMES } from "./role-words";

interface Props {
  members: MemberView[];
  teamName: string;
  /** The role of who looks at it. */
  viewerRole: Role;
  /** Whether they may change members. */
  canManage: boolean;
  actions: MemberActions;
}

/** The members of a team, owners first. Who may change members sees selects and menus, others a plain table. */
export function MembersTable({ members, teamName, viewerRole, canManage, actions }: Props) {
  const isOwner = viewerRole === "owner";
  const owners = members.filter(({ role }) => role === "owner").length;
  return (
    <Section
      title="Members"
      action={<span className="text-sm text-muted tabular-nums">{members.length}</span>}
    >
      <Table edge="flush" caption={`Members of ${teamName}`} className="[&_td]:align-middle">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th>Role</Th>
            <Th wide>Joined</Th>
            <Th wide>Last active</Th>
            <Th wide num>
              Keys created
            </Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => {
            const { userId, name, email, role, isSelf } = member;
            const canChange = canManage && !isSelf && (isOwner || role !== "owner");
            const isLastOwner = role === "owner" && owners === 1;
            return (
              <tr key={userId}>
                <Td>
                  <span className="flex min-w-0 items-center gap-2.5">
                    <Avatar name={name} />
                    <span className="min-w-0 wrap-anywhere">
                      <span className="font-medium">{name}</span>
                      {isSelf ? (
                        <Badge tone="line" className="ml-1.5">
                          you
                        </Badge>
                      ) : null}
                      {name === email ? null : <Sub>{email}</Sub>}
                    </span>
                  </span>
                </Td>
                <Td>
                  {canChange ? (
                    <RoleSelect
                      member={member}
                      canNameOwners={isOwner}
                      changeRole={actions.changeRole}
                    />
                  ) : (
                    ROLE_NAMES[role]
                  )}
                </Td>
                <Td wide className="whitespace-nowrap tabular-nums">
                  {member.joined}
                </Td>
                <Td wide className="whitespace-nowrap tabular-nums">
                  {member.lastActive}
                </Td>
                <Td wide num muted={member.keys.length === 0}>
                  <span title={member.keys.map((key) => key.name).join(", ") || undefined}>
                    {member.keys.length}
                  </span>
                </Td>
                <Td className="text-right">
                  {canChange || isSelf ? (
                    <LazyMemberMenu
                      member={member}
                      teamName={teamName}
                      may={{
                        remove: canChange,
                        leave: isSelf && !isLastOwner,
                        transfer: isSelf && isOwner && members.length > 1,
                      }}
                      staysBecause={
                        isLastOwner
                          ? "You are the only owner. Transfer the ownership first."
                          : undefined
                      }
                      others={members
                        .filter((candidate) => candidate.userId !== userId)
                        .map((candidate) => ({
                          userId: candidate.userId,
                          name: candidate.name,
                          email: candidate.email,
                        }))}
                      actions={actions}
                    />
                  ) : null}
                </Td>
              </tr>
            );
          })}
        </tbody>
      </Table>
    </Section>
  );
}
