"use client";

import { AlertDialog as Alert } from "@base-ui/react/alert-dialog";
import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode, RefObject } from "react";
import { cn } from "@/lib/cn";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
  /** Buttons, least harmful first. */
  footer: ReactNode;
  /** At the left of the footer, such as an acknowledgement. */
  footerStart?: ReactNode;
  /** "form": Esc and the scrim close it. "alert": Esc closes it. "locked": only its own button does. */
  kind?: "form" | "alert" | "locked";
  /** The control that gets the focus first: the least harmful one. */
  initialFocus?: RefObject<HTMLElement | null>;
  className?: string;
}

/** A dialog of 636 px, a sheet from the bottom on phones. */
export function Dialog({ open, onOpenChange, kind = "form", ...props }: Props) {
  const Part = kind === "form" ? Base : Alert;
  return (
    <Part.Root
      open={open}
      onOpenChange={(next, details) => {
        if (
          kind === "locked" &&
          (details.reason === "escape-key" || details.reason === "focus-out")
        )
          details.cancel();
        else onOpenChange(next);
      }}
    >
      <Content Part={Part} {...props} />
    </Part.Root>
  );
}

type ContentProps = Omit<Props, "open" | "onOpenChange" | "kind"> & {
  Part: typeof Base | typeof Alert;
};

function Content({
  Part,
  title,
  text,
  children,
  footer,
  footerStart,
  initialFocus,
  className,
}: ContentProps) {
  return (
    <Part.Portal>
      <Part.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity duration-normal data-ending-style:opacity-0 data-starting-style:opacity-0" />
      <Part.Viewport className="fixed inset-0 z-30 grid place-items-center overflow-auto p-4 max-md:place-items-end max-md:p-0">
        <Part.Popup
          initialFocus={initialFocus}
          className={cn(
            "w-full max-w-159 rounded-lg border border-line bg-popup text-base shadow-popup transition-[opacity,translate] duration-normal outline-none",
            "data-ending-style:opacity-0 data-starting-style:translate-y-1 data-starting-style:opacity-0 max-md:max-w-none max-md:rounded-t-[12px] max-md:rounded-b-none max-md:border-x-0 max-md:border-b-0",
            className,
          )}
        >
          <div className="grid gap-4 px-6 pt-6 pb-5 max-md:px-4 max-md:pt-5 max-md:pb-4">
            <div className="grid gap-1.5">
              <Part.Title className="text-lg font-strong">{title}</Part.Title>
              {text === undefined ? null : (
                <Part.Description className="text-muted">{text}</Part.Description>
              )}
            </div>
            {children}
          </div>
          <div className="flex items-center justify-between gap-4 border-t border-line px-6 py-3.5 max-md:flex-col-reverse max-md:items-stretch max-md:px-4 max-md:py-3">
            <span>{footerStart}</span>
            <span className="flex gap-2 max-md:flex-col-reverse">{footer}</span>
          </div>
        </Part.Popup>
      </Part.Viewport>
    </Part.Portal>
  );
}
