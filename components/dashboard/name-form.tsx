"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { FormAction } from "./form-state";

interface Props {
  action: FormAction;
  name?: string;
  /** Of the project to rename; none for a new one. */
  projectId?: string;
  help: string;
  submit: string;
  busyLabel: string;
  /** The form makes the page's one thing. */
  primary?: boolean;
}

/** The one field of a project that a user writes. What was entered stays when it is refused. */
export function NameForm({
  action,
  name = "",
  projectId,
  help,
  submit,
  busyLabel,
  primary = false,
}: Props) {
  const [state, send, pending] = useActionState(action, {});
  const entered = state.entered?.name ?? name;
  return (
    <form action={send} className="grid max-w-md justify-items-start gap-4">
      {projectId === undefined ? null : <input type="hidden" name="projectId" value={projectId} />}
      <div className="w-full">
        <Field label="Name" help={help} error={state.failed?.message}>
          {(control) => (
            <Input
              {...control}
              name="name"
              key={String(entered)}
              defaultValue={entered}
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
          {state.done === undefined ? null : "Saved"}
        </span>
      </span>
    </form>
  );
}
