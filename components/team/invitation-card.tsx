import Link from "next/link";
import { Fragment, type ReactNode } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { FormAction } from "@/components/ui/form-state";
import type { Role } from "@/lib/teams/schema";
import { AccountTile } from "./avatar";
import { JoinForm } from "./join-form";
import { ROLE_NAMES, ROLE_TEXTS } from "./role-words";

/** An invitation as its page shows it. Somebody else than the invited person sees only the address. */
export type InvitationDetails =
  | { kind: "hidden"; email: string }
  | {
      kind: "shown";
      teamName: string;
      /** How many people the team has. */
      people: number;
      role: Role;
      /** The address that the invitation was sent to. */
      email: string;
      /** Null for a management key, and for a person who was deleted since. */
      inviter: { name: string; email: string } | null;
      /** "1 Dec 2026, 14:20 UTC". */
      worksUntil: string;
    };
type ShownInvitation = Extract<InvitationDetails, { kind: "shown" }>;

/** What can be done with an invitation by who looks at it. */
export type InvitationState =
  | { kind: "join"; signedInAs: string }
  | { kind: "signed_out"; signInHref: string }
  | { kind: "other_person"; signedInAs: string }
  | { kind: "expired" | "revoked" | "declined" }
  | { kind: "accepted"; teamHref: string | null };

interface Props {
  token: string;
  invitation: InvitationDetails;
  state: InvitationState;
  join: FormAction;
  decline: FormAction;
  signInAsInvited: (form: FormData) => Promise<void>;
}

/** For a button whose label may be long. */
const longLabel = "h-auto! min-h-control-lg py-2 wrap-anywhere whitespace-normal!";

const personText = ({ name, email }: { name: string; email: string }) =>
  name === email ? email : `${name} (${email})`;

const strong = (text: string) => <b className="font-medium text-text">{text}</b>;

/** The invitation in its present state, and what joining changes. */
export function InvitationCard(props: Props) {
  const { token, invitation, state, join, decline, signInAsInvited } = props;
  if (state.kind === "other_person" || invitation.kind === "hidden")
    return (
      <Column
        teamName="?"
        title="This invitation is for someone else"
        text={
          <>
            It was sent to {strong(invitation.email)}.{" "}
            {state.kind === "other_person" ? (
              <>You are signed in as {strong(state.signedInAs)}.</>
            ) : null}
          </>
        }
      >
        <Notice tone="warning">
          Nothing was changed. Only the invited address can join, even with the link.
        </Notice>
        <div className="grid gap-2">
          <form action={signInAsInvited}>
            <input type="hidden" name="token" value={token} />
            <Button type="submit" variant="primary" size="lg" block className={longLabel}>
              Sign out, and sign in as {invitation.email}
            </Button>
          </form>
          <Link
            href="/dashboard"
            className={buttonStyle({ variant: "ghost", size: "lg", block: true })}
          >
            Back to the dashboard
          </Link>
        </div>
      </Column>
    );
  const { teamName, email, inviter, worksUntil } = invitation;
  switch (state.kind) {
    case "join":
      return (
        <>
          <Column
            teamName={teamName}
            title={`Join ${teamName}`}
            text={<>You are signed in as {strong(state.signedInAs)}.</>}
          >
            <InvitationFacts invitation={invitation} />
            <JoinForm token={token} teamName={teamName} join={join} decline={decline} />
          </Column>
          <WhatChanges teamName={teamName} />
        </>
      );
    case "signed_out":
      return (
        <>
          <Column
            teamName={teamName}
            title={`Join ${teamName}`}
            text={
              <>
                Sign in with {strong(email)} to join. New here? The same step creates your account.
              </>
            }
          >
            <InvitationFacts invitation={invitation} />
            <Link
              href={state.signInHref}
              className={buttonStyle({ variant: "primary", size: "lg", block: true })}
            >
              Sign in to join
            </Link>
          </Column>
          <WhatChanges teamName={teamName} />
        </>
      );
    case "expired":
      return (
        <Column
          teamName={teamName}
          title="This invitation has ended"
          text={`It worked until ${worksUntil}. Ask ${inviter === null ? "the team" : personText(inviter)} for a new one.`}
        >
          <Link href="/sign-in" className={buttonStyle({ size: "lg", block: true })}>
            Sign in
          </Link>
        </Column>
      );
    case "revoked":
      return (
        <Column
          teamName={teamName}
          title="This invitation was revoked"
          text="It no longer works. No account and no team were changed."
        >
          <Link href="/" className={buttonStyle({ size: "lg", block: true })}>
            OneKey home
          </Link>
        </Column>
      );
    case "declined":
      return (
        <Column
          teamName={teamName}
          title="Declined"
          text={`You are not in ${teamName}. Nobody is emailed; the team sees it in its audit log.`}
        >
          <Link href="/dashboard" className={buttonStyle({ size: "lg", block: true })}>
            Go to the dashboard
          </Link>
        </Column>
      );
    case "accepted":
      return (
        <Column
          teamName={teamName}
          title={state.teamHref === null ? "This invitation was used" : "You have joined already"}
          text={`It works once, and was used by ${email}.`}
        >
          <Link
            href={state.teamHref ?? "/dashboard"}
            className={buttonStyle({ variant: "primary", size: "lg", block: true })}
          >
            {state.teamHref === null ? "Go to the dashboard" : `Open ${teamName}`}
          </Link>
        </Column>
      );
  }
}

function Column({
  teamName,
  title,
  text,
  children,
}: {
  teamName: string;
  title: string;
  text: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="grid content-start gap-5">
      <div className="grid gap-3.5">
        <AccountTile name={teamName} isTeam size="lg" />
        <div className="grid gap-1.5">
          <h1 className="text-xl font-strong wrap-anywhere">{title}</h1>
          <p className="wrap-anywhere text-muted">{text}</p>
        </div>
      </div>
      {children}
    </div>
  );
}

const sub = (text: string) => <span className="block text-muted">{text}</span>;

function InvitationFacts({ invitation }: { invitation: ShownInvitation }) {
  const { teamName, people, role, email, inviter, worksUntil } = invitation;
  return (
    <RuledFacts
      facts={[
        ["Team", `${teamName}, ${people === 1 ? "one person" : `${people} people`}`],
        [
          "Your role",
          <>
            {ROLE_NAMES[role]}
            {sub(ROLE_TEXTS[role])}
          </>,
        ],
        [
          "Invited by",
          inviter === null ? (
            teamName
          ) : (
            <>
              {inviter.name}
              {inviter.email === inviter.name ? null : sub(inviter.email)}
            </>
          ),
        ],
        ["For", email],
        [
          "Works until",
          <>
            {worksUntil}
            {sub("once")}
          </>,
        ],
      ]}
    />
  );
}

function WhatChanges({ teamName }: { teamName: string }) {
  return (
    <aside className="grid content-start gap-3 pt-1.5">
      <h2 className="text-sm">What joining changes</h2>
      <RuledFacts
        facts={[
          ["The team sees", "Your name, address, and the last day you were active here"],
          ["It records", `What you change in ${teamName}, for one year`],
          ["It pays", `Requests with ${teamName}’s keys, from its balance`],
          ["It never sees", "Your personal account, its keys or its credits"],
        ]}
      />
      <p className="text-sm text-muted">
        You can leave at any time. Keys you create for {teamName} stay with it.{" "}
        <Link href="/security" className="link">
          How we handle data
        </Link>
      </p>
    </aside>
  );
}

function RuledFacts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] border-y border-line text-sm *:border-b *:border-line *:py-2 *:nth-last-[-n+2]:border-0">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt className="pr-6 text-muted">{name}</dt>
          <dd className="min-w-0 wrap-anywhere tabular-nums">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
