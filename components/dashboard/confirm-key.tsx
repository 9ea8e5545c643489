"use client";

import { useActionState, type ReactNode } from "react";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Confirm } from "./confirm";

interface Props {
  action: FormAction;
  keyId: string;
  label: ReactNode;
  title: string;
  consequence: ReactNode;
  confirm: string;
  busyLabel: string;
  control?: { isOpen: boolean; setOpen: (isOpen: boolean) => void };
}

/** A button that ends a key or its old secret, after its consequence was shown. */
export function ConfirmKey({ action, keyId, ...words }: Props) {
  const [state, send, isPending] = useActionState(action, UNSENT_FORM);
  return (
    <Confirm
      {...words}
      action={send}
      pending={isPending}
      error={state.errors.form}
      fields={{ keyId }}
      variant="danger-quiet"
    />
  );
}
