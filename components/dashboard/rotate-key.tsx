"use client";

import { useActionState, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";
import { RadioRows } from "@/components/ui/radio-rows";
import type { Overlap } from "@/lib/keys/schema";
import { NewKey, type NewSecret } from "./new-key";

export interface RotatedKey {
  id: string;
  name: string;
  preview: string;
  /** "214 requests used it in the last hour." */
  lastHour: string;
}

interface Props {
  rotated: RotatedKey;
  baseUrl: string;
  /** Until when the old secret works, by the choice: "25 Nov, 14:33". */
  ends: Record<Exclude<Overlap, "none">, string>;
  rotateKey: FormAction<NewSecret>;
  /** What the new secret takes over. */
  keeps?: string;
  /** What both secrets do while they work. */
  overlapNote?: string;
  /** The variables that the new secret is shown for. */
  variables?: { url: string; key: string };
  control: { isOpen: boolean; setOpen: (isOpen: boolean) => void };
}

/** Asks how long the old secret of a key goes on working, rotates the key, and shows the new secret once. */
export function RotateKey({
  rotated,
  baseUrl,
  ends,
  rotateKey,
  keeps = "name, models and addresses",
  overlapNote = "The old key and the new one draw on the same limits, so an overlap never doubles what can be spent.",
  variables,
  control: { isOpen, setOpen },
}: Props) {
  const [state, send, isPending] = useActionState(rotateKey, UNSENT_FORM);
  const [overlap, setOverlap] = useState<Overlap>("day");
  const first = useRef<HTMLButtonElement>(null);
  const form = useId();
  const isSent = state.result !== undefined && state.result.secret !== "";
  const choices: { value: Overlap; name: string; note: string }[] = [
    {
      value: "none",
      name: "Immediately",
      note: "for a leaked key: refused from the moment you press Rotate",
    },
    { value: "hour", name: "1 hour", note: `until ${ends.hour}` },
    { value: "day", name: "24 hours", note: `until ${ends.day}` },
    { value: "week", name: "7 days", note: `until ${ends.week}` },
  ];
  const oldKey = <code className="font-mono">{rotated.preview}</code>;
  const submit = (
    <Button
      type="submit"
      form={form}
      variant={overlap === "none" ? "danger" : "primary"}
      busy={isPending}
      busyLabel="Rotating"
    >
      {overlap === "none" ? "Rotate and refuse the old key" : "Rotate key"}
    </Button>
  );
  const fields = (
    <>
      <input type="hidden" name="keyId" value={rotated.id} />
      <input type="hidden" name="expected" value={rotated.preview} />
      <RadioRows
        name="overlap"
        legend="How long the old key works"
        choices={choices}
        value={overlap}
        onChange={setOverlap}
      />
      {state.errors.form ? <Notice tone="danger">{state.errors.form}</Notice> : null}
    </>
  );
  const text = (
    <>
      A new key takes over the {keeps}. Choose how long {oldKey} keeps working. Times are UTC.
    </>
  );
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        onClick={() => setOpen(true)}
        className="max-md:hidden noscript:hidden"
      >
        Rotate<span className="sr-only"> {rotated.name}</span>
      </Button>
      <details className="hidden text-left noscript:block">
        <summary className="text-sm">Rotate</summary>
        <form action={send} className="mt-2 grid justify-items-start gap-2 text-sm">
          <p className="text-muted">{text}</p>
          {fields}
          <Button type="submit" size="sm">
            Rotate key
          </Button>
        </form>
      </details>
      <Dialog
        open={isOpen && !isSent}
        onOpenChange={setOpen}
        title={`Rotate ${rotated.name}`}
        text={text}
        initialFocus={first}
        footerStart={<span className="text-sm text-muted">{rotated.lastHour}</span>}
        footer={
          <>
            <Button ref={first} onClick={() => setOpen(false)}>
              Cancel
            </Button>
            {submit}
          </>
        }
      >
        <form id={form} action={send} className="grid gap-4">
          {fields}
          <Notice>{overlapNote}</Notice>
        </form>
      </Dialog>
      <NewKey
        state={state}
        baseUrl={baseUrl}
        {...(variables ? { variables } : {})}
        former={
          overlap === "none" ? (
            <>The old key no longer works. Replace it wherever it is set.</>
          ) : (
            <>The old key works until {ends[overlap]} UTC. Replace it wherever it is set.</>
          )
        }
      />
    </>
  );
}
