import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface Props {
  title?: ReactNode;
  /** At the right of the header. */
  action?: ReactNode;
  /** One sentence of consequence, and the buttons. */
  footer?: ReactNode;
  /** The content draws its own edges, such as a table. */
  bare?: boolean;
  className?: string;
  /** What links to the panel name. */
  id?: string | undefined;
  children: ReactNode;
}

/** A frame around controls. Read-only data sits on the page between rules instead. */
export function Panel({ title, action, footer, bare = false, className, id, children }: Props) {
  return (
    <section
      id={id}
      className={cn(
        "grid grid-rows-[auto_1fr_auto] rounded-lg border border-line bg-bg",
        className,
      )}
    >
      {title === undefined ? null : (
        <header className="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2">
          <h2 className="text-base">{title}</h2>
          {action}
        </header>
      )}
      <div className={cn("row-start-2 min-w-0", !bare && "p-4")}>{children}</div>
      {footer === undefined ? null : (
        <footer className="row-start-3 flex flex-wrap items-center justify-between gap-3 rounded-b-lg border-t border-line bg-quiet px-4 py-2.5 text-sm text-muted">
          {footer}
        </footer>
      )}
    </section>
  );
}
