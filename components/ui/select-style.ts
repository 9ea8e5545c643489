import { cva } from "class-variance-authority";

export const selectStyle = cva(
  "inline-flex items-center gap-1.5 rounded-md border border-line-control bg-bg text-base whitespace-nowrap hover:bg-hover focus-visible:rounded-md [&_svg]:ml-0.5 [&_svg]:size-3.5 [&_svg]:stroke-[1.75] [&_svg]:text-muted",
  {
    variants: { size: { sm: "h-control-sm text-sm", md: "h-control" } },
    defaultVariants: { size: "md" },
  },
);
