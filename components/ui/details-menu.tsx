"use client";

import { ChevronsUpDown } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { buttonStyle } from "./button";
import { cn } from "@/lib/cn";

interface Props {
  /** The button's icon and word. */
  label: ReactNode;
  isDashed?: boolean;
  /** Of the panel, such as its width and the side it hangs from. */
  className?: string;
  children: ReactNode;
}

/**
 * A button with a panel under it, which works without scripts. With them Esc, a click elsewhere and following a link in it close
 * it; Esc returns the focus to the button.
 */
export function DetailsMenu({ label, isDashed = false, className, children }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const { current } = details;
    if (current === null) return;
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && !current.contains(target)) current.open = false;
    };
    const closeAfterLink = ({ target }: Event) => {
      if (target instanceof Element && target.closest("a") !== null) current.open = false;
    };
    const closeByKey = ({ key }: KeyboardEvent) => {
      if (key !== "Escape" || !current.open) return;
      current.open = false;
      current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", closeOutside);
    current.addEventListener("click", closeAfterLink);
    current.addEventListener("keydown", closeByKey);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      current.removeEventListener("click", closeAfterLink);
      current.removeEventListener("keydown", closeByKey);
    };
  }, []);
  return (
    <details ref={details} className="relative">
      <summary
        className={buttonStyle({
          className: cn("w-full list-none", isDashed && "border-dashed border-line-control"),
        })}
      >
        {label}
        {isDashed ? null : <ChevronsUpDown aria-hidden="true" />}
      </summary>
      <div
        className={cn(
          "absolute top-full z-20 mt-1 rounded-lg border border-line bg-popup shadow-popup",
          className,
        )}
      >
        {children}
      </div>
    </details>
  );
}
