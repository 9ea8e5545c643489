import type { ReactNode } from "react";

/** A titled part of a dashboard page, without a frame. */
export function Section({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] content-start gap-3">
      <header className="flex min-h-control-sm items-center justify-between gap-3">
        <h2 className="text-base">{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}
