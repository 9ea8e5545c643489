import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const style = cva(
  "inline-flex h-5 items-center gap-[5px] rounded-sm px-1.5 text-xs leading-none font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:stroke-[1.75]",
  {
    variants: {
      tone: {
        neutral: "bg-hover text-muted",
        line: "border border-line-strong text-muted",
        accent: "bg-accent-quiet text-accent",
        success: "bg-success-quiet text-success",
        warning: "bg-warning-quiet text-warning",
        danger: "bg-danger-quiet text-danger",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

/** For exceptions; a normal outcome is plain muted text. A status color always comes with a word. */
export function Badge({
  tone,
  className,
  ...props
}: ComponentProps<"span"> & VariantProps<typeof style>) {
  return <span {...props} className={cn(style({ tone }), className)} />;
}
