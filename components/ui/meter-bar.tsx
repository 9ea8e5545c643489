import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface Props {
  label: string;
  /** From 0 to 100. */
  percent: number;
  /** Spoken in place of the percentage. */
  text: string;
  className: string;
  /** The bar's parts. */
  children: ReactNode;
}

/** The bar of a meter: an SVG, because the widths of its parts then need no style attribute. */
export function MeterBar({ label, percent, text, className, children }: Props) {
  return (
    <svg
      role="meter"
      aria-label={label}
      aria-valuenow={Math.round(percent)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      className={cn("w-full overflow-hidden bg-hover forced-colors:border", className)}
    >
      {children}
    </svg>
  );
}
