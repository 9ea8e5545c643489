import type { ReactNode } from "react";

export const code = (text: string) => (
  <code className="font-mono text-sm wrap-anywhere">{text}</code>
);

export function list(items: string[]): ReactNode {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(items);
}
