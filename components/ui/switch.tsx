import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** A native checkbox that looks like a switch, so that it works without scripts. For what is saved when it is pressed. */
export function Switch({ className, ...props }: ComponentProps<"input">) {
  return (
    <input
      {...props}
      type="checkbox"
      className={cn(
        "relative mt-px h-5 w-8 flex-none appearance-none rounded-full border border-line-control bg-bg transition-colors focus-visible:rounded-full aria-busy:opacity-60 forced-colors:appearance-auto",
        "after:absolute after:top-[3px] after:left-[3px] after:size-3 after:rounded-full after:bg-muted after:transition-[left] after:content-['']",
        "checked:border-accent checked:bg-accent checked:after:left-[15px] checked:after:bg-on-accent",
        className,
      )}
    />
  );
}
