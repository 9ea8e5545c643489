"use client";

import { CircleAlert, CircleCheck, Send } from "lucide-react";
import { useActionState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM, type FormAction } from "@/components/ui/form-state";

export type SendResult = { text: string; isAccepted: boolean };

interface Props {
  action: FormAction<SendResult>;
  /** The hidden fields of the form. */
  fields: Record<string, string>;
  label: string;
  /** After the label, for screen readers: which endpoint or event. */
  subject: string;
  /** In front of what came of it: "Test delivered." */
  accepted: string;
  refused: string;
  children?: ReactNode;
}

/** A button that has an event sent now; in a flex container, what came of it is the last line. */
export function SendEvent({ action, fields, label, subject, accepted, refused, children }: Props) {
  const [{ result, errors }, send, isPending] = useActionState(action, UNSENT_FORM);
  const isAccepted = result?.isAccepted === true && errors.form === undefined;
  const text = errors.form ?? result?.text;
  return (
    <form action={send} className="contents">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <span className="flex flex-wrap items-center gap-2">
        <Button type="submit" size="sm" busy={isPending} busyLabel="Sending">
          <Send aria-hidden="true" />
          {label}
          <span className="sr-only"> {subject}</span>
        </Button>
        {children}
      </span>
      <p
        role="status"
        className={`order-last flex basis-full gap-1.5 text-sm empty:hidden ${isAccepted ? "text-success" : "text-danger"}`}
      >
        {text === undefined ? null : (
          <>
            {isAccepted ? (
              <CircleCheck aria-hidden="true" className="mt-0.5 size-4 stroke-[1.75]" />
            ) : (
              <CircleAlert aria-hidden="true" className="mt-0.5 size-4 stroke-[1.75]" />
            )}
            <span>
              <b className="font-medium">{isAccepted ? accepted : refused}</b> {text}
            </span>
          </>
        )}
      </p>
    </form>
  );
}
