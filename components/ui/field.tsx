"use client";

import { CircleAlert } from "lucide-react";
import { useId, type ReactNode } from "react";
import { useEdited } from "./use-edited";

/** The attributes that connect a control to its label, help and error. */
export interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

interface Props {
  label: ReactNode;
  help?: ReactNode;
  /** What was wrong with the input when the form was sent. Replaces the help until the input is edited. */
  error?: string | null | undefined;
  /** What is wrong with the input as it is now. Replaces the help. */
  problem?: string | null | undefined;
  children: (control: ControlProps) => ReactNode;
}

/** A label, a control, and help or an error: `<Field label="Name">{(control) => <Input {...control} />}</Field>`. */
export function Field({ label, help, error, problem, children }: Props) {
  const id = useId();
  const note = `${id}-note`;
  const { isEdited, onInput } = useEdited();
  const message = problem ?? (isEdited ? null : error);
  const hasError = Boolean(message);
  return (
    <div onInput={onInput} className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm/4 font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": hasError || help !== undefined ? note : undefined,
        "aria-invalid": hasError || undefined,
      })}
      {hasError ? (
        <p id={note} role="alert" className="flex gap-1.5 text-sm text-danger">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 stroke-[1.75]" />
          {message}
        </p>
      ) : help === undefined ? null : (
        <p id={note} className="text-sm text-muted">
          {help}
        </p>
      )}
    </div>
  );
}
