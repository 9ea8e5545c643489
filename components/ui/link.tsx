"use client";

import NextForm from "next/form";
import NextLink from "next/link";
import type { ComponentProps } from "react";
import { useDashboardPath } from "./account-context";

/** Next's link; a path of the dashboard stays in the page's account. */
export function Link({ href, ...props }: ComponentProps<typeof NextLink>) {
  const path = useDashboardPath();
  return <NextLink href={typeof href === "string" ? path(href) : href} {...props} />;
}

/** A link to a file, or to a page that is loaded as a document. */
export function DocumentLink({ href, children, ...props }: ComponentProps<"a"> & { href: string }) {
  const path = useDashboardPath();
  return (
    <a href={path(href)} {...props}>
      {children}
    </a>
  );
}

/** Next's form for searches, whose action is a path of the dashboard. */
export function SearchForm({
  action,
  ...props
}: ComponentProps<typeof NextForm> & { action: string }) {
  const path = useDashboardPath();
  return <NextForm action={path(action)} {...props} />;
}
