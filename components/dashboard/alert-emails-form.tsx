"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";

interface Props {
  action: FormAction<{ notice: string }>;
  /** Who gets them: an address, or words. */
  receiver: string;
  isOn: boolean;
}

/** Turns the emails of all alerts on or off; webhooks and the dashboard have the alerts either way. */
export function AlertEmailsForm({ action, receiver, isOn }: Props) {
  const [{ result, errors }, send, isPending] = useActionState(action, UNSENT_FORM);
  return (
    <ActionForm action={send} className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Checkbox name="on" defaultChecked={isOn}>
        Email alerts to {receiver}
      </Checkbox>
      <Button type="submit" size="sm" busy={isPending} busyLabel="Saving">
        Save
      </Button>
      <span role="status" className="text-sm text-muted empty:hidden">
        {errors.form ?? result?.notice}
      </span>
    </ActionForm>
  );
}
