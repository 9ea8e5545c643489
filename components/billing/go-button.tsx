"use client";

import { useActionState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";

/** A button that opens a page at Stripe, with an error message when Stripe is unreachable. */
export function GoButton({ action, children }: { action: FormAction; children: ReactNode }) {
  const [state, submit, busy] = useActionState(action, UNSENT_FORM);
  return (
    <form action={submit} className="grid gap-1.5">
      <Button type="submit" busy={busy} busyLabel="Opening">
        {children}
      </Button>
      {state.errors.form ? (
        <p role="alert" className="text-sm text-danger">
          {state.errors.form}
        </p>
      ) : null}
    </form>
  );
}
