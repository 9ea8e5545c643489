import type { ReactNode } from "react";

export function StatusSection({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <header className="flex items-end justify-between gap-4">
        <h2 className="text-[1.375rem]/7 font-strong tracking-[-0.022em]">{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}
