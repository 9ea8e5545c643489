"use client";

import { useActionState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";

interface FormState {
  errors: Partial<Record<string, string>>;
}

/** A button that goes to a page at Stripe, and says so when there is none. */
export function GoButton({
  action,
  children,
}: {
  action: () => Promise<FormState>;
  children: ReactNode;
}) {
  const [state, submit, busy] = useActionState(action, { errors: {} });
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
