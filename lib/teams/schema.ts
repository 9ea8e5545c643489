import { z } from "zod";
import { Creator } from "@/lib/keys/schema";

/** What a member may do; see permissions.ts. */
export const Role = z.enum(["owner", "admin", "developer", "billing", "viewer"]);
export type Role = z.infer<typeof Role>;

/** A role that an invitation can give: ownership is given to members only. */
export const InvitedRole = Role.exclude(["owner"]);
export type InvitedRole = z.infer<typeof InvitedRole>;

export const Member = z.object({
  userId: z.string(),
  role: Role,
  joinedAt: z.date(),
  /** Null for who created the team. */
  invitedBy: Creator.nullable(),
  /** The UTC day (2026-11-30) on which the member last opened a page of the team. */
  lastActiveDay: z.string().optional(),
});
export type Member = z.infer<typeof Member>;

/** How an invitation ended; one whose time is over has none. */
export const InvitationOutcome = z.enum(["accepted", "declined", "revoked"]);
export type InvitationOutcome = z.infer<typeof InvitationOutcome>;

export const Invitation = z.object({
  id: z.string(),
  /** An HMAC of the token in the mail; the token itself is never stored. */
  digest: z.string(),
  email: z.string(),
  role: InvitedRole,
  invitedBy: Creator,
  createdAt: z.date(),
  expiresAt: z.date(),
  outcome: InvitationOutcome.optional(),
  endedAt: z.date().optional(),
});
export type Invitation = z.infer<typeof Invitation>;

/**
 * Who belongs to a team, one document for each, so that "at least one owner" and "an invitation is used once" are conditions of
 * one write. A personal account has none: its user is its owner.
 */
export const Team = z.object({
  /** The account's. */
  _id: z.string(),
  members: z.array(Member),
  invitations: z.array(Invitation),
  /** Counts the changes; each names the one that it was made for. */
  version: z.number().int(),
});
export type Team = z.infer<typeof Team>;

/** A team's name as a user may write it: no control characters, and none that turn the direction of text. */
export const TeamName = z
  .string("Give the team a name.")
  .trim()
  .min(1, "Give the team a name.")
  .max(60, "A name has at most 60 characters.")
  .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u, "A name is one line of plain text.");

export const INVITATION_DAYS = 7;
export const MEMBERS_MAX = 200;
/** Invitations of a team that can be accepted at the same time. */
export const PENDING_MAX = 50;
/** Addresses that one form invites. */
export const INVITED_TOGETHER_MAX = 20;
/** Teams that a person can own. */
export const TEAMS_MAX = 20;
/** How long an invitation that ended or expired is kept, so that its link says what became of it. */
export const ENDED_DAYS = 30;

export const isPending = (invitation: Invitation, at: Date): boolean =>
  invitation.outcome === undefined && invitation.expiresAt > at;
