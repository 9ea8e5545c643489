import type { ComponentProps } from "react";

/** A link that loads a document: the frame of the dashboard is of one account. */
export const OtherAccount = ({ children, ...props }: ComponentProps<"a">) => (
  <a {...props}>{children}</a>
);
