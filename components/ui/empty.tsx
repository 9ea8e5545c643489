import type { ReactNode } from "react";

/** What will appear here, when, and the command that fills it. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="mx-auto grid w-full max-w-160 justify-items-start gap-4 px-6 py-10 max-md:px-0">
      <h2 className="text-md">{title}</h2>
      <p className="max-w-[52ch] text-muted">{children}</p>
      {action === undefined ? null : <div className="w-full min-w-0">{action}</div>}
    </div>
  );
}
