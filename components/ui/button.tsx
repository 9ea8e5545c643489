import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** For links that look like buttons: `<Link className={buttonStyle({ variant: "primary" })}>`. */
export const buttonStyle = cva(
  [
    "inline-flex items-center justify-center gap-1.5 rounded-md border font-medium leading-none whitespace-nowrap select-none",
    "transition-colors active:translate-y-[0.5px] focus-visible:rounded-md [&_svg]:size-4 [&_svg]:stroke-[1.75] [&_svg:first-child]:-ml-0.5",
    "disabled:cursor-not-allowed aria-disabled:cursor-not-allowed not-aria-busy:disabled:border-transparent not-aria-busy:disabled:bg-hover not-aria-busy:disabled:text-muted",
    "aria-disabled:not-aria-busy:border-transparent aria-disabled:not-aria-busy:bg-hover aria-disabled:not-aria-busy:text-muted",
  ],
  {
    variants: {
      variant: {
        primary: "border-transparent bg-ink text-on-ink hover:bg-ink-hover",
        secondary: "border-line-strong bg-bg text-text hover:bg-hover",
        ghost: "border-transparent text-muted hover:bg-hover hover:text-text",
        danger: "border-transparent bg-danger-solid text-on-danger hover:brightness-95",
        "danger-quiet": "border-line-strong bg-bg text-danger hover:bg-danger-quiet",
      },
      size: {
        sm: "h-control-sm px-[9px] text-sm leading-none",
        md: "h-control px-3 text-base leading-none",
        lg: "h-control-lg px-[18px] text-[0.9375rem] leading-none",
      },
      icon: { true: "px-0 [&_svg:first-child]:ml-0", false: "" },
      block: { true: "w-full", false: "" },
    },
    compoundVariants: [
      { icon: true, size: "sm", className: "w-control-sm" },
      { icon: true, size: "md", className: "w-control" },
      { icon: true, size: "lg", className: "w-control-lg" },
    ],
    defaultVariants: { variant: "secondary", size: "md", icon: false, block: false },
  },
);

type Props = ComponentProps<"button"> &
  VariantProps<typeof buttonStyle> & { busy?: boolean; busyLabel?: string };

/** A busy button keeps its width and cannot be pressed again; `busyLabel` says what is happening. */
export function Button({
  variant,
  size,
  icon,
  block,
  busy = false,
  busyLabel,
  className,
  children,
  ...props
}: Props) {
  return (
    <button
      type="button"
      {...props}
      className={cn(buttonStyle({ variant, size, icon, block }), className)}
      disabled={props.disabled || busy}
      aria-busy={busy || undefined}
    >
      {busy ? (
        <span className="inline-grid">
          <span aria-hidden="true" className="invisible col-start-1 row-start-1">
            {children}
          </span>
          <span className="col-start-1 row-start-1 inline-flex items-center justify-center gap-1.5">
            <span
              aria-hidden="true"
              className="size-3.5 animate-spin rounded-full border-2 border-current border-r-transparent motion-reduce:[animation-duration:2s]"
            />
            {busyLabel}
          </span>
        </span>
      ) : (
        children
      )}
    </button>
  );
}
