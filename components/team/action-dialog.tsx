"use client";

import { useId, useRef, type ReactNode } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  /** From the action's `useActionState`. */
  action: (form: FormData) => void;
  isPending: boolean;
  error?: string | undefined;
  /** The hidden fields of the form. */
  fields: Record<string, string>;
  confirm: string;
  busyLabel: string;
  /** False while the form says that it must not be sent. */
  isReady?: boolean;
  children?: ReactNode;
}

/** A question with its consequences, whose form is sent by the confirming button. The focus starts on Cancel. */
export function ActionDialog({
  open: isOpen,
  onClose,
  title,
  text,
  action,
  isPending,
  error,
  fields,
  confirm,
  busyLabel,
  isReady = true,
  children,
}: Props) {
  const cancel = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(next) => (next ? undefined : onClose())}
      kind="alert"
      initialFocus={cancel}
      title={title}
      text={text}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={id}
            variant="danger"
            disabled={!isReady}
            busy={isPending}
            busyLabel={busyLabel}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <ActionForm id={id} action={action} className="grid gap-4">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {children}
        {error === undefined ? null : (
          <Notice tone="danger" live>
            {error}
          </Notice>
        )}
      </ActionForm>
    </Dialog>
  );
}

/** What happens, one sentence a line; the first is the one that matters. */
export function Consequences({ items }: { items: ReactNode[] }) {
  return (
    <ul className="grid gap-2">
      {items.map((item, index) => (
        <li
          key={index}
          className="relative pl-5 before:absolute before:top-[6.5px] before:left-0.5 before:size-[9px] before:rounded-full before:border-[1.5px] before:border-line-control before:content-[''] first:before:border-accent first:before:bg-accent"
        >
          {item}
        </li>
      ))}
    </ul>
  );
}
