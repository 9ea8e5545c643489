"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";

interface Props {
  action: FormAction;
  name?: string;
  /** The project to rename; undefined for a new one. */
  projectId?: string;
  help: string;
  submit: string;
  busyLabel: string;
  /** Whether the form is the primary action of the page. */
  primary?: boolean;
}

/** Names a project. Input stays in the form when it is rejected. */
export function NameForm({
  action,
  name = "",
  projectId,
  help,
  submit,
  busyLabel,
  primary = false,
}: Props) {
  const [state, send, pending] = useActionState(action, UNSENT_FORM);
  const value = state.entered?.name ?? name;
  return (
    <form action={send} className="grid max-w-md justify-items-start gap-4">
      {projectId === undefined ? null : <input type="hidden" name="projectId" value={projectId} />}
      <div className="w-full">
        <Field label="Name" help={help} error={state.errors.name ?? state.errors.form}>
          {(control) => (
            <Input
              {...control}
              name="name"
              key={String(value)}
              defaultValue={value}
              autoComplete="off"
              required
            />
          )}
        </Field>
      </div>
      <span className="flex items-center gap-3">
        <Button
          type="submit"
          variant={primary ? "primary" : "secondary"}
          busy={pending}
          busyLabel={busyLabel}
        >
          {submit}
        </Button>
        <span role="status" className="text-sm text-muted">
          {state.result === undefined ? null : "Saved"}
        </span>
      </span>
    </form>
  );
}
