"use client";

import { startTransition, type ComponentProps } from "react";

/** A form for a server action that keeps its input. React resets a form with an action after each submission. */
export function ActionForm({
  action,
  ...props
}: Omit<ComponentProps<"form">, "action"> & { action: (data: FormData) => void }) {
  return (
    <form
      {...props}
      action={action}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        startTransition(() => action(data));
      }}
    />
  );
}
