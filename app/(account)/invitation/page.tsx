import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { InvitationCard, type InvitationState } from "@/components/team/invitation-card";
import { accountPath } from "@/lib/account-path";
import { viewInvitation, type InvitationView } from "@/lib/auth/join-team";
import { currentUser } from "@/lib/auth/session";
import { formatMoment } from "@/lib/format";
import { listTeamsOf } from "@/lib/teams/queries";
import type { User } from "@/lib/users/schema";
import { declineAction, joinAction, signInAsInvited } from "./actions";
import { InvitationFrame } from "./invitation-frame";

export const metadata: Metadata = { title: "Invitation", robots: { index: false } };

/** An invitation to a team. Opening it changes nothing, so that a mail scanner cannot use it up. */
export default async function InvitationPage({ searchParams }: PageProps<"/invitation">) {
  const { token } = await searchParams;
  if (typeof token !== "string" || token === "" || token.length > 200) notFound();
  const user = await currentUser();
  const view = await viewInvitation({ token, user });
  if (!view) notFound();
  return (
    <InvitationFrame>
      <InvitationCard
        token={token}
        invitation={
          view.state === "other"
            ? { kind: "hidden", email: view.email }
            : {
                kind: "shown",
                teamName: view.teamName,
                people: view.memberCount,
                role: view.role,
                email: view.email,
                inviter: view.inviter,
                worksUntil: formatMoment(view.expiresAt),
              }
        }
        state={await stateOf({ view, user, token })}
        join={joinAction}
        decline={declineAction}
        signInAsInvited={signInAsInvited}
      />
    </InvitationFrame>
  );
}

async function stateOf(input: {
  view: InvitationView;
  user: User | null;
  token: string;
}): Promise<InvitationState> {
  const { view, user, token } = input;
  switch (view.state) {
    case "other":
      return { kind: "other_person", signedInAs: user?.email ?? "" };
    case "pending": {
      const next = `/invitation?token=${encodeURIComponent(token)}`;
      return user
        ? { kind: "join", signedInAs: user.email }
        : { kind: "signed_out", signInHref: `/sign-in?${new URLSearchParams({ next })}` };
    }
    case "accepted": {
      const teams = user ? await listTeamsOf(user._id) : [];
      const isMember = teams.some(({ accountId }) => accountId === view.teamId);
      return {
        kind: "accepted",
        teamHref: isMember ? accountPath(view.teamId, "/dashboard") : null,
      };
    }
    default:
      return { kind: view.state };
  }
}
