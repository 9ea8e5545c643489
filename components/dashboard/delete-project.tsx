"use client";

import { useActionState } from "react";
import { Confirm } from "./confirm";
import type { FormAction } from "./form-state";

interface Props {
  project: { id: string; name: string };
  consequence: string;
  remove: FormAction;
}

export function DeleteProject({ project, consequence, remove }: Props) {
  const [state, send, pending] = useActionState(remove, {});
  return (
    <Confirm
      action={send}
      pending={pending}
      error={state.failed?.message}
      fields={{ projectId: project.id }}
      label="Delete project"
      variant="danger-quiet"
      title={`Delete ${project.name}?`}
      consequence={consequence}
      confirm="Delete project"
      busyLabel="Deleting"
    />
  );
}
