"use client";

import { useActionState, useId } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { assign } from "./actions";

/** Names the account that a transfer is credited to. */
export function AssignForm({ transfer, name }: { transfer: string; name: string }) {
  const [{ failed, entered }, send, busy] = useActionState(assign, {});
  const error = useId();
  return (
    <ActionForm action={send} className="grid gap-1.5">
      <input type="hidden" name="transfer" value={transfer} />
      <span className="flex gap-2 max-md:flex-wrap">
        <Input
          name="account"
          aria-label={`Account for ${name}`}
          aria-invalid={failed ? true : undefined}
          aria-describedby={failed ? error : undefined}
          placeholder="Address or id"
          maxLength={254}
          autoComplete="off"
          defaultValue={String(entered?.account ?? "")}
        />
        <Button type="submit" busy={busy} busyLabel="Assigning">
          Assign
        </Button>
      </span>
      {failed ? (
        <p id={error} role="alert" className="text-sm text-danger">
          {failed.message}
        </p>
      ) : null}
    </ActionForm>
  );
}
