import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

/** A styled native checkbox, so that it works without scripts. The complete label is clickable. */
export function Checkbox({
  children,
  className,
  ...props
}: ComponentProps<"input"> & { children: ReactNode }) {
  return (
    <label className={cn("flex items-start gap-2 text-base has-disabled:text-muted", className)}>
      <input
        {...props}
        type="checkbox"
        className={cn(
          "mt-[3px] grid size-4 flex-none appearance-none place-items-center rounded-sm border border-line-control bg-bg hover:border-muted",
          "checked:border-accent checked:bg-accent disabled:border-line-strong disabled:bg-quiet disabled:checked:bg-hover forced-colors:appearance-auto",
          "checked:after:h-1 checked:after:w-2 checked:after:-translate-y-px checked:after:-rotate-45 checked:after:border-b-2 checked:after:border-l-2 checked:after:border-on-accent checked:after:content-[''] disabled:checked:after:border-muted",
        )}
      />
      <span>{children}</span>
    </label>
  );
}
