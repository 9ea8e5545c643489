"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { dismiss } from "./notice-actions";

export function DismissNotices({ ids }: { ids: string[] }) {
  const [, send, busy] = useActionState(dismiss, {});
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
