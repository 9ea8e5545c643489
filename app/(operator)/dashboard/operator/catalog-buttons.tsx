"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { firstError, UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { applyRetirementsAction, checkCatalogAction } from "./catalog-actions";

export function CheckButton() {
  return <CatalogButton action={checkCatalogAction} label="Check now" busyLabel="Checking" />;
}

/** Applies the retirement dates that providers state to the catalog, on every server. */
export function ApplyButton({ count }: { count: number }) {
  return (
    <CatalogButton
      action={applyRetirementsAction}
      label={
        count === 1
          ? "Apply the retirement date that its provider states"
          : `Apply the ${count} retirement dates that providers state`
      }
      busyLabel="Applying"
    />
  );
}

interface Props {
  action: FormAction;
  label: string;
  busyLabel: string;
}

function CatalogButton({ action, label, busyLabel }: Props) {
  const [state, send, busy] = useActionState(action, UNSENT_FORM);
  const error = firstError(state);
  return (
    <ActionForm action={send} className="grid gap-1.5">
      <Button type="submit" busy={busy} busyLabel={busyLabel}>
        {label}
      </Button>
      {error ? (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      ) : null}
    </ActionForm>
  );
}
