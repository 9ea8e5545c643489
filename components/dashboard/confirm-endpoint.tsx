"use client";

import { useActionState, type ReactNode } from "react";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Confirm } from "./confirm";

interface Props {
  action: FormAction;
  endpointId: string;
  label: ReactNode;
  variant?: "secondary" | "danger-quiet";
  title: string;
  consequence: ReactNode;
  confirm: string;
  busyLabel: string;
}

/** A button that deletes or enables an endpoint, after its consequence was shown. */
export function ConfirmEndpoint({ action, endpointId, variant = "danger-quiet", ...words }: Props) {
  const [state, send, isPending] = useActionState(action, UNSENT_FORM);
  return (
    <Confirm
      {...words}
      action={send}
      pending={isPending}
      error={state.errors.form}
      fields={{ endpointId }}
      variant={variant}
    />
  );
}
