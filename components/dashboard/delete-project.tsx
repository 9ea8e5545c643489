"use client";

import { useActionState } from "react";
import { Confirm } from "./confirm";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";

interface Props {
  project: { id: string; name: string };
  consequence: string;
  deleteProject: FormAction;
}

export function DeleteProject({ project, consequence, deleteProject }: Props) {
  const [state, send, pending] = useActionState(deleteProject, UNSENT_FORM);
  return (
    <Confirm
      action={send}
      pending={pending}
      error={state.errors.form}
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
