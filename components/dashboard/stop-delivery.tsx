"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";

/** A button that ends the retries of a delivery. */
export function StopDelivery({ action, deliveryId }: { action: FormAction; deliveryId: string }) {
  const [{ errors }, send, isPending] = useActionState(action, UNSENT_FORM);
  return (
    <form action={send}>
      <input type="hidden" name="deliveryId" value={deliveryId} />
      <Button type="submit" size="sm" variant="ghost" busy={isPending} busyLabel="Stopping">
        Stop retrying
      </Button>
      {errors.form === undefined ? null : <Notice tone="danger">{errors.form}</Notice>}
    </form>
  );
}
