"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";

interface Props {
  token: string;
  label: string;
  busyLabel: string;
  action: FormAction;
}

/** The one button of a link's page. Opening the page changes nothing, because mail scanners open links. */
export function LinkForm({ token, label, busyLabel, action }: Props) {
  const [state, send, isPending] = useActionState(action, UNSENT_FORM);
  return (
    <form action={send} className="grid gap-3">
      <input type="hidden" name="token" value={token} />
      {state.errors.form ? <Notice tone="danger">{state.errors.form}</Notice> : null}
      <Button
        type="submit"
        variant="primary"
        size="lg"
        block
        busy={isPending}
        busyLabel={busyLabel}
      >
        {label}
      </Button>
    </form>
  );
}
