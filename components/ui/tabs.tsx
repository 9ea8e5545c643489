"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export const Tabs = Base.Root;

/** A row of underlined tabs: arrow keys move, and it scrolls sideways when narrow. */
export function TabList({
  className,
  ...rest
}: Omit<ComponentProps<typeof Base.List>, "className"> & { className?: string }) {
  return (
    <Base.List
      {...rest}
      className={cn("no-scrollbar flex gap-5 overflow-x-auto border-b border-line", className)}
    />
  );
}

export function Tab({
  className,
  ...rest
}: Omit<ComponentProps<typeof Base.Tab>, "className"> & { className?: string }) {
  return (
    <Base.Tab
      {...rest}
      // The chosen tab can be reached by keyboard from the first paint on, before any script has run.
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
 * The panel of a tab. All panels are in the page, so that it reads in full without scripts; it is display: none that
 * hides one, because `hidden` could not be undone there.
 */
export function TabPanel({
  className,
  ...rest
}: Omit<ComponentProps<typeof Base.Panel>, "className"> & { className?: string }) {
  return (
    <Base.Panel
      {...rest}
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
