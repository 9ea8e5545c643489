"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";
import { LimitFields, type LimitTexts } from "./limit-fields";

interface Props {
  action: FormAction;
  values: LimitTexts;
  notes: LimitTexts;
}

/** Edits the limits of an account. Input stays in the form when it is rejected. */
export function AccountLimitsForm({ action, values, notes }: Props) {
  const [{ errors, entered: input, result }, send, isPending] = useActionState(action, UNSENT_FORM);
  return (
    <form action={send} key={input && JSON.stringify(input)} className="grid gap-6">
      <LimitFields values={values} input={input} errors={errors} notes={notes} />
      {errors.form ? <Notice tone="danger">{errors.form}</Notice> : null}
      <span className="flex items-center gap-3">
        <Button type="submit" variant="primary" busy={isPending} busyLabel="Saving">
          Save limits
        </Button>
        <span role="status" className="text-sm text-muted">
          {result === undefined ? null : "Saved"}
        </span>
      </span>
    </form>
  );
}
