import { cn } from "@/lib/cn";

/** A ring: filled means done or stored, hollow means to come or not stored. Always next to a word. */
export function Ring({ full = false, className }: { full?: boolean; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "mr-2 inline-block size-[9px] rounded-full border-[1.5px] border-accent forced-colors:border-[CanvasText]",
        full && "bg-accent forced-colors:bg-[CanvasText]",
        className,
      )}
    />
  );
}
