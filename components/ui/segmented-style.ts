import { cva } from "class-variance-authority";

export const segmentTrack =
  "no-scrollbar inline-flex max-w-full gap-0.5 overflow-x-auto rounded-md bg-hover p-0.5 text-base";

export const segment = cva(
  [
    "inline-flex items-center gap-1.5 rounded-sm border border-transparent font-medium whitespace-nowrap text-muted hover:text-text focus-visible:-outline-offset-2",
    "aria-pressed:border-line-strong aria-pressed:bg-bg aria-pressed:text-text aria-[current=true]:border-line-strong aria-[current=true]:bg-bg aria-[current=true]:text-text",
    "forced-colors:aria-pressed:border-[Highlight] forced-colors:aria-[current=true]:border-[Highlight]",
  ],
  {
    variants: {
      size: {
        sm: "h-[calc(var(--control-sm)-4px)] px-[9px] text-sm",
        md: "h-[calc(var(--control)-4px)] px-3",
      },
    },
    defaultVariants: { size: "md" },
  },
);
