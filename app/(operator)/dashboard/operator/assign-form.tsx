"use client";

import { useActionState, useId } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { assignAction } from "./actions";

/** Names the account that a transfer is credited to. */
export function AssignForm({ transfer, name }: { transfer: string; name: string }) {
  const [{ errors, entered: input }, send, busy] = useActionState(assignAction, UNSENT_FORM);
  const error = errors.account ?? errors.form ?? errors.transfer;
  const errorId = useId();
  return (
    <ActionForm action={send} className="grid gap-1.5">
      <input type="hidden" name="transfer" value={transfer} />
      <span className="flex gap-2 max-md:flex-wrap">
        <Input
          name="account"
          aria-label={`Account for ${name}`}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? errorId : undefined}
          placeholder="Address or id"
          maxLength={254}
          autoComplete="off"
          defaultValue={String(input?.account ?? "")}
        />
        <Button type="submit" busy={busy} busyLabel="Assigning">
          Assign
        </Button>
      </span>
      {error ? (
        <p id={errorId} role="alert" className="text-sm text-danger">
          {error}
        </p>
      ) : null}
    </ActionForm>
  );
}
