"use client";

import { UserPlus } from "lucide-react";
import { useActionState, useId, useRef, useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Textarea } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { formatCount } from "@/lib/format";
import { INVITATION_DAYS, INVITED_TOGETHER_MAX, InvitedRole } from "@/lib/teams/schema";
import { ROLE_NAMES, ROLE_TEXTS } from "./role-words";

interface Props {
  teamName: string;
  /** Gets `emails` and `role`; all addresses are invited, or none. */
  invite: FormAction<{ unsent: string[] }>;
}

/** How many addresses a text holds: one a line, or separated by commas. */
const addressCount = (text: string): number =>
  new Set(text.split(/[\s,;]+/).filter((part) => part !== "")).size;

/** Asks for addresses and a role, and sends the invitations. Input stays in the form when it is rejected. */
export function InviteDialog({ teamName, invite }: Props) {
  const [state, send, isPending] = useActionState(invite, UNSENT_FORM);
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [lastResult, setLastResult] = useState<unknown>(undefined);
  const addresses = useRef<HTMLTextAreaElement>(null);
  const form = useId();
  if (state.result !== undefined && state.result !== lastResult) {
    setLastResult(state.result);
    if (state.result.unsent.length === 0) setOpen(false);
    setText("");
  }
  const count = addressCount(text);
  const problem = state.errors.emails ?? state.errors.role ?? state.errors.form;
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <UserPlus aria-hidden="true" />
        Invite people
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={`Invite people to ${teamName}`}
        text={`Each gets a link that works once, for ${INVITATION_DAYS} days, and only for the address it was sent to. It shows that you invited them.`}
        initialFocus={addresses}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button
              type="submit"
              form={form}
              variant="primary"
              busy={isPending}
              busyLabel="Sending"
            >
              {count > 1 ? `Send ${formatCount(count)} invitations` : "Send invitation"}
            </Button>
          </>
        }
      >
        <ActionForm id={form} action={send} className="grid gap-4">
          {problem === undefined ? null : (
            <Notice tone="danger" live>
              No invitation was sent.
            </Notice>
          )}
          {state.result === undefined || state.result.unsent.length === 0 ? null : (
            <Notice tone="warning" live>
              Invited, but no email could be sent to {state.result.unsent.join(", ")}. Use Send
              again in the list.
            </Notice>
          )}
          <Field
            label="Addresses"
            help={`One a line, or separated by commas. Up to ${INVITED_TOGETHER_MAX}.`}
            error={problem}
          >
            {(control) => (
              <Textarea
                {...control}
                ref={addresses}
                name="emails"
                rows={3}
                required
                spellCheck={false}
                autoComplete="off"
                inputMode="email"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
          <fieldset className="grid gap-1.5">
            <legend className="mb-1.5 text-sm/4 font-medium">Role</legend>
            <div className="divide-y divide-line overflow-hidden rounded-md border border-line-strong">
              {InvitedRole.options.map((role) => (
                <label
                  key={role}
                  className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2.5 px-3 py-2.5 text-sm hover:bg-hover has-checked:bg-accent-quiet"
                >
                  <input
                    type="radio"
                    name="role"
                    value={role}
                    defaultChecked={role === "developer"}
                    className="mt-0.5 size-4 accent-accent"
                  />
                  <span className="font-medium">{ROLE_NAMES[role]}</span>
                  <small className="col-start-2 text-sm text-muted">{ROLE_TEXTS[role]}</small>
                </label>
              ))}
            </div>
          </fieldset>
        </ActionForm>
      </Dialog>
    </>
  );
}
