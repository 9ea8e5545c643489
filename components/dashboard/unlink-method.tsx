"use client";

import { useActionState } from "react";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Confirm } from "./confirm";

interface Props {
  action: FormAction;
  method: { provider: string; subject: string; name: string };
  /** The names of the methods that stay. */
  others: string[];
}

/** A button that takes a sign-in method off the account, after its consequence was shown. */
export function UnlinkMethod({ action, method, others }: Props) {
  const [state, send, isPending] = useActionState(action, UNSENT_FORM);
  const { name, ...fields } = method;
  return (
    <Confirm
      action={send}
      pending={isPending}
      error={state.errors.form}
      fields={fields}
      label={
        <>
          Unlink<span className="sr-only"> {name}</span>
        </>
      }
      title={`Unlink ${name}?`}
      consequence={`You can then sign in by ${others.join(" or ")}. This session stays; other sessions that began with ${name} are signed out. Signing in with ${name} again, by the same verified address, links it again.`}
      confirm={`Unlink ${name}`}
      busyLabel="Unlinking"
    />
  );
}
