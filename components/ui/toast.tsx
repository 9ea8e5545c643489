"use client";

import { Toast } from "@base-ui/react/toast";
import { Check, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";

/** Wraps the pages that use `useToast`. For things that need no answer: errors and secrets stay in the page. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider timeout={6000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-40 grid w-85 max-w-[calc(100%-2rem)] gap-2">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

/** `toast({ title: "Limit saved", text: "support-bot stops at $75.00 a month." })` */
export function useToast() {
  const { add } = Toast.useToastManager();
  return ({ title, text }: { title: string; text?: string }) => add({ title, description: text });
}

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-lg border border-line bg-popup text-sm shadow-popup transition-[opacity,translate] duration-normal data-ending-style:opacity-0 data-starting-style:translate-y-1 data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-2.5 p-3">
        <Check aria-hidden="true" className="mt-0.5 size-4 stroke-[1.75] text-success" />
        <div className="flex-1">
          <Toast.Title />
          <Toast.Description className="text-muted" />
        </div>
        <Toast.Close aria-label="Dismiss" render={<Button variant="ghost" size="sm" icon />}>
          <X aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
