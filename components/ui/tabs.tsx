"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export const Tabs = Base.Root;

/** A row of underlined tabs: arrow keys move, and it scrolls sideways when narrow. */
export function TabList({
  className,
  ...props
}: Omit<ComponentProps<typeof Base.List>, "className"> & { className?: string }) {
  return (
    <Base.List
      {...props}
      className={cn("no-scrollbar flex gap-5 overflow-x-auto border-b border-line", className)}
    />
  );
}

export function Tab({
  className,
  ...props
}: Omit<ComponentProps<typeof Base.Tab>, "className"> & { className?: string }) {
  return (
    <Base.Tab
      {...props}
      // The selected tab is reachable by keyboard before any script has run.
      render={(props, { active }) => (
        <button {...props} type="button" tabIndex={active ? 0 : props.tabIndex} />
      )}
      className={cn(
        "-mb-px border-b-2 border-transparent pb-[9px] font-medium whitespace-nowrap text-muted hover:text-text focus-visible:-outline-offset-2",
        "aria-selected:border-text aria-selected:text-text forced-colors:border-[Canvas] forced-colors:aria-selected:border-[Highlight]",
        className,
      )}
    />
  );
}

/**
 * The panel of a tab. All panels are in the page, so that it is complete without scripts. A panel is hidden with
 * `display: none`, because a rule without scripts can undo that and not `hidden`.
 */
export function TabPanel({
  className,
  ...props
}: Omit<ComponentProps<typeof Base.Panel>, "className"> & { className?: string }) {
  return (
    <Base.Panel
      {...props}
      keepMounted
      render={(props, state) => (
        <div
          {...props}
          hidden={undefined}
          inert={undefined}
          tabIndex={undefined}
          className={cn(className, state.hidden && "hidden noscript:block")}
        />
      )}
    />
  );
}
