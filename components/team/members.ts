import type { FormAction } from "@/components/ui/form-state";
import type { Role } from "@/lib/teams/schema";

/** A member as the team's page shows them. */
export interface MemberView {
  userId: string;
  name: string;
  email: string;
  role: Role;
  isSelf: boolean;
  /** "27 Oct 2026". */
  joined: string;
  /** "24 Nov 2026", or "never". */
  lastActive: string;
  /** The keys that the member created and that work. */
  keys: { id: string; name: string }[];
}

/** A key of a removed member with its new secret, or why it has none. */
export type RotatedKey = { name: string } & ({ secret: string } | { problem: string });

/** What the page does with members. Each gets `userId`. */
export interface MemberActions {
  changeRole: FormAction<{ formerRole: Role }>;
  remove: FormAction<{ keys: RotatedKey[] }>;
  leave: FormAction<{ keys: RotatedKey[] }>;
  transfer: FormAction;
}

/** An invitation that can be accepted, as the team's page shows it. */
export interface InvitationView {
  id: string;
  email: string;
  role: Role;
  /** "Mira Lindqvist, 24 Nov 2026". */
  invitedBy: string;
  /** "1 Dec 2026, 14:20". */
  worksUntil: string;
  /** "7 days left". */
  left: string;
}
