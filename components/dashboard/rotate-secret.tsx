"use client";

import { useActionState, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";
import { RadioRows } from "@/components/ui/radio-rows";
import { SecretReveal, type IssuedSecret } from "./secret-reveal";

interface Props {
  action: FormAction<IssuedSecret>;
  endpointId: string;
  host: string;
  /** The secret that the page shows, so that one that was rotated meanwhile is not rotated again. */
  expected: string;
  /** "25 Nov, 14:33", in UTC. */
  overlapEnd: string;
}

/** Asks how long the old signing secret goes on signing, rotates it, and shows the new one once. */
export function RotateSecret({ action, endpointId, host, expected, overlapEnd }: Props) {
  const [state, send, isPending] = useActionState(action, UNSENT_FORM);
  const [isOpen, setOpen] = useState(false);
  const [seenResult, setSeenResult] = useState<unknown>(undefined);
  const [overlap, setOverlap] = useState<"day" | "none">("day");
  const cancel = useRef<HTMLButtonElement>(null);
  const formId = useId();
  // A result closes the dialog.
  if (state.result !== seenResult) {
    setSeenResult(state.result);
    setOpen(false);
  }
  const choices = [
    { value: "day", name: "24 hours", note: `signed with both secrets until ${overlapEnd}` },
    { value: "none", name: "Immediately", note: "for a leaked secret: it signs nothing more" },
  ] as const;
  const fields = (
    <>
      <input type="hidden" name="endpointId" value={endpointId} />
      <input type="hidden" name="expected" value={expected} />
      <RadioRows
        name="overlap"
        legend="How long the old secret signs"
        choices={choices}
        value={overlap}
        onChange={setOverlap}
      />
      {state.errors.form ? <Notice tone="danger">{state.errors.form}</Notice> : null}
    </>
  );
  return (
    <>
      <Button size="sm" variant="ghost" onClick={() => setOpen(true)} className="noscript:hidden">
        Rotate<span className="sr-only"> the signing secret of {host}</span>
      </Button>
      <details className="hidden noscript:block">
        <summary className="text-sm">Rotate</summary>
        <form action={send} className="mt-2 grid justify-items-start gap-2 text-sm">
          {fields}
          <Button type="submit" size="sm">
            Rotate secret
          </Button>
        </form>
      </details>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={`Rotate the signing secret of ${host}`}
        text="Choose how long the old secret signs deliveries too. Times are UTC."
        initialFocus={cancel}
        footer={
          <>
            <Button ref={cancel} onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button
              type="submit"
              form={formId}
              variant={overlap === "none" ? "danger" : "primary"}
              busy={isPending}
              busyLabel="Rotating"
            >
              Rotate secret
            </Button>
          </>
        }
      >
        <form id={formId} action={send} className="grid gap-4">
          {fields}
        </form>
      </Dialog>
      <SecretReveal
        state={state}
        text={
          overlap === "none"
            ? "Deliveries are signed only with this secret from now on. It is shown once."
            : `Deliveries are signed with both secrets for 24 hours, until ${overlapEnd} UTC. Then only with this one. It is shown once.`
        }
      />
    </>
  );
}
