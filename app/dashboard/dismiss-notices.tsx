"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { dismissNoticesAction } from "./notice-actions";

export function DismissNotices({ ids }: { ids: string[] }) {
  const [, send, busy] = useActionState(dismissNoticesAction, UNSENT_FORM);
  return (
    <ActionForm action={send} className="mt-2">
      {ids.map((id) => (
        <input key={id} type="hidden" name="ids" value={id} />
      ))}
      <Button type="submit" size="sm" busy={busy} busyLabel="Dismissing">
        Dismiss
      </Button>
    </ActionForm>
  );
}
