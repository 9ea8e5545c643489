"use client";

import { Mail } from "lucide-react";
import { useActionState } from "react";
import { Section } from "@/components/dashboard/section";
import { Confirm } from "@/components/dashboard/confirm";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import type { InvitationView } from "./members";
import { ROLE_NAMES } from "./role-words";

interface Props {
  invitations: InvitationView[];
  canManage: boolean;
  /** Both get `invitationId`. */
  resend: FormAction;
  revoke: FormAction;
}

/** The invitations that nobody has accepted yet. */
export function InvitationsTable({ invitations, canManage, resend, revoke }: Props) {
  return (
    <Section
      title="Pending invitations"
      action={<span className="text-sm text-muted tabular-nums">{invitations.length}</span>}
    >
      {invitations.length === 0 ? (
        <p className="text-muted">
          None. Who is invited appears here until they join, or their link ends after 7 days.
        </p>
      ) : (
        <Table edge="flush" caption="Pending invitations" className="[&_td]:align-middle">
          <thead>
            <tr>
              <Th>Address</Th>
              <Th wide>Role</Th>
              <Th wide>Invited by</Th>
              <Th wide>Works until (UTC)</Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {invitations.map((invitation) => (
              <tr key={invitation.id}>
                <Td>
                  <span className="flex items-center gap-2.5">
                    <span
                      aria-hidden="true"
                      className="grid size-7.5 flex-none place-items-center rounded-full border-[1.5px] border-dashed border-line-control text-muted"
                    >
                      <Mail className="size-4 stroke-[1.75]" />
                    </span>
                    <span className="min-w-0 wrap-anywhere">
                      {invitation.email}
                      <Sub className="md:hidden">
                        {ROLE_NAMES[invitation.role]}, {invitation.left}
                      </Sub>
                    </span>
                  </span>
                </Td>
                <Td wide>{ROLE_NAMES[invitation.role]}</Td>
                <Td wide className="wrap-anywhere">
                  {invitation.invitedBy}
                </Td>
                <Td wide className="tabular-nums">
                  {invitation.worksUntil}
                  <Sub>{invitation.left}</Sub>
                </Td>
                <Td className="text-right">
                  {canManage ? (
                    <InvitationActions invitation={invitation} resend={resend} revoke={revoke} />
                  ) : null}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}

function InvitationActions({
  invitation: { id, email },
  resend,
  revoke,
}: { invitation: InvitationView } & Pick<Props, "resend" | "revoke">) {
  const [sent, sendAgain, isSending] = useActionState(resend, UNSENT_FORM);
  const [revoked, sendRevocation, isRevoking] = useActionState(revoke, UNSENT_FORM);
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-1.5">
      <span role={sent.errors.form ? "alert" : "status"} className="text-xs text-muted">
        {sent.errors.form ??
          (sent.result === undefined ? null : "Sent. The former link no longer works.")}
      </span>
      <form action={sendAgain}>
        <input type="hidden" name="invitationId" value={id} />
        <Button type="submit" size="sm" variant="ghost" busy={isSending} busyLabel="Sending">
          Send again<span className="sr-only"> to {email}</span>
        </Button>
      </form>
      <Confirm
        action={sendRevocation}
        pending={isRevoking}
        error={revoked.errors.form}
        fields={{ invitationId: id }}
        variant="danger-quiet"
        label={
          <>
            Revoke<span className="sr-only"> the invitation of {email}</span>
          </>
        }
        title={`Revoke the invitation of ${email}?`}
        consequence="The link in the email stops working from the moment you press Revoke. Nobody is emailed."
        confirm="Revoke invitation"
        busyLabel="Revoking"
      />
    </span>
  );
}
