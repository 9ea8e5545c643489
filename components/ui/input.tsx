import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

const box = [
  "w-full rounded-md border border-line-control bg-bg px-2.5 text-base placeholder:text-muted placeholder:opacity-100 hover:border-muted",
  "focus-visible:rounded-md focus-visible:border-focus focus-visible:-outline-offset-1",
  "aria-invalid:border-danger disabled:border-line-strong disabled:bg-quiet disabled:text-muted",
];

interface Props extends ComponentProps<"input"> {
  /** A character such as $, or an icon, inside the left edge. */
  before?: ReactNode;
  /** A word such as USDC inside the right edge. */
  after?: ReactNode;
}

export function Input({ before, after, className, ...props }: Props) {
  const input = (
    <input
      {...props}
      className={cn(
        box,
        "h-control",
        typeof before === "string" ? "pl-6" : before !== undefined && "pl-8",
        after !== undefined && "pr-16",
        className,
      )}
    />
  );
  if (before === undefined && after === undefined) return input;
  const affix =
    "pointer-events-none absolute inset-y-0 flex items-center text-muted [&_svg]:size-4 [&_svg]:stroke-[1.75]";
  return (
    <span className="relative block">
      {before === undefined ? null : <span className={cn(affix, "left-2.5")}>{before}</span>}
      {input}
      {after === undefined ? null : <span className={cn(affix, "right-2.5 text-sm")}>{after}</span>}
    </span>
  );
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea {...props} className={cn(box, "resize-none py-[9px]", className)} />;
}
