"use client";

import { useId, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";

interface Props {
  /** From the action's `useActionState`. */
  action: (form: FormData) => void;
  pending: boolean;
  error: string | undefined;
  /** The hidden fields of the form. */
  fields: Record<string, string>;
  label: ReactNode;
  variant?: "secondary" | "danger-quiet";
  title: string;
  /** The consequences, in the order in which they happen. */
  consequence: ReactNode;
  /** The label of the confirming button. */
  confirm: string;
  busyLabel: string;
  /** For a dialog that something else opens, such as an item of a menu: then there is no button here. */
  control?: { isOpen: boolean; setOpen: (isOpen: boolean) => void };
}

/**
 * A button that shows its consequence in a dialog first; without scripts they are in a disclosure. Pass a `key` that
 * the action changes, which closes the dialog. An error keeps it open.
 */
export function Confirm(props: Props) {
  const {
    action,
    pending,
    error,
    fields,
    label,
    variant = "secondary",
    title,
    consequence,
    confirm,
    busyLabel,
    control,
  } = props;
  const [isOwnOpen, setOwnOpen] = useState(false);
  const { isOpen, setOpen } = control ?? { isOpen: isOwnOpen, setOpen: setOwnOpen };
  const cancel = useRef<HTMLButtonElement>(null);
  const id = useId();
  const inputs = Object.entries(fields).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
  return (
    <>
      {control ? null : (
        <Button
          size="sm"
          variant={variant}
          onClick={() => setOpen(true)}
          className="noscript:hidden"
        >
          {label}
        </Button>
      )}
      <details className="hidden max-w-md rounded-md border border-line bg-bg p-2 noscript:block">
        <summary className="text-sm">{label}</summary>
        <form action={action} className="mt-2 grid justify-items-start gap-2 text-sm">
          {inputs}
          <p className="text-muted">{consequence}</p>
          <Button type="submit" variant="danger" size="sm">
            {confirm}
          </Button>
        </form>
      </details>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        kind="alert"
        initialFocus={cancel}
        title={title}
        text={consequence}
        footer={
          <>
            <Button ref={cancel} onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" form={id} variant="danger" busy={pending} busyLabel={busyLabel}>
              {confirm}
            </Button>
          </>
        }
      >
        <form id={id} action={action} className="hidden">
          {inputs}
        </form>
        {error === undefined ? null : <Notice tone="danger">{error}</Notice>}
      </Dialog>
    </>
  );
}
