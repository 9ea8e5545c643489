"use client";

import { useActionState } from "react";
import type { FormState } from "@/components/dashboard/form-state";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { applyEnds, checkNow } from "./catalog-actions";

export function CheckButton() {
  return <CatalogButton action={checkNow} label="Check now" busyLabel="Checking" />;
}

/** Puts the ends that providers state over the catalog, on every server. */
export function ApplyButton({ count }: { count: number }) {
  return (
    <CatalogButton
      action={applyEnds}
      label={
        count === 1
          ? "Apply the end that its provider states"
          : `Apply the ${count} ends that providers state`
      }
      busyLabel="Applying"
    />
  );
}

interface Props {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  label: string;
  busyLabel: string;
}

function CatalogButton({ action, label, busyLabel }: Props) {
  const [{ failed }, send, busy] = useActionState(action, {});
  return (
    <ActionForm action={send} className="grid gap-1.5">
      <Button type="submit" busy={busy} busyLabel={busyLabel}>
        {label}
      </Button>
      {failed ? (
        <p role="alert" className="text-sm text-danger">
          {failed.message}
        </p>
      ) : null}
    </ActionForm>
  );
}
