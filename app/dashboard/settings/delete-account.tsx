"use client";

import { useActionState, useRef, useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { deleteAccountAction } from "./actions";

interface Props {
  /** "your account", or the name of the team. */
  subject: string;
  /** What has to be typed: the address of the person, or the name of the team. */
  confirmation: string;
  /** The consequences of deletion, one sentence each. */
  consequences: string[];
}

export function DeleteAccount({ subject, confirmation, consequences }: Props) {
  const label = subject === "your account" ? "Delete account" : `Delete ${subject}`;
  const [open, setOpen] = useState(false);
  const [state, remove, busy] = useActionState(deleteAccountAction, UNSENT_FORM);
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button variant="danger-quiet" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Delete ${subject}?`}
        text="This cannot be undone."
        initialFocus={cancel}
        footer={
          <>
            <Button ref={cancel} onClick={() => setOpen(false)}>
              Keep {subject === "your account" ? "account" : subject}
            </Button>
            <Button
              type="submit"
              form="delete-account"
              variant="danger"
              busy={busy}
              busyLabel="Deleting"
            >
              {label}
            </Button>
          </>
        }
      >
        <ul className="grid list-disc gap-1.5 pl-5">
          {consequences.map((consequence) => (
            <li key={consequence}>{consequence}</li>
          ))}
        </ul>
        <ActionForm id="delete-account" action={remove}>
          <Field
            label={`Type ${confirmation} to confirm`}
            error={state.errors.confirm ?? state.errors.form}
          >
            {(control) => (
              <Input
                {...control}
                name="confirm"
                autoComplete="off"
                spellCheck={false}
                maxLength={300}
              />
            )}
          </Field>
        </ActionForm>
      </Dialog>
    </>
  );
}
