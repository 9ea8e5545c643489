"use client";

import { startTransition, type ComponentProps } from "react";

/** A form for a server action that keeps what was typed: by itself React empties a form once its action has run. */
export function ActionForm({
  action,
  ...rest
}: Omit<ComponentProps<"form">, "action"> & { action: (data: FormData) => void }) {
  return (
    <form
      {...rest}
      action={action}
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        startTransition(() => action(data));
      }}
    />
  );
}
