import type { ReactNode } from "react";

/** Panels that belong together, with their title in a column at the left. */
export function SettingsGroup({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <div className="grid grid-cols-[220px_minmax(0,1fr)] items-start gap-x-10 gap-y-5 max-lg:grid-cols-[minmax(0,1fr)] [&+&]:border-t [&+&]:border-line [&+&]:pt-7">
      <header>
        <h2 className="text-md wrap-anywhere">{title}</h2>
        <p className="mt-0.5 text-sm text-muted">{text}</p>
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">{children}</div>
    </div>
  );
}
