import type { ReactNode } from "react";

/** The head of a dashboard page: title, one line, and at most one primary action. */
export function PageHeader({ title, line, action }: { title: string; line?: ReactNode; action?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-4">
      <div>
        <h1 className="text-xl font-strong">{title}</h1>
        {line === undefined ? null : <p className="mt-1 text-muted">{line}</p>}
      </div>
      {action}
    </header>
  );
}
