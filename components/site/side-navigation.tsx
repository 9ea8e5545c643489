import { ChevronsUpDown } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  label: string;
  /** The name of the page that is open, which phones show instead of the list. */
  current: string;
  small?: boolean;
  children: ReactNode;
}

/** A list of pages: a column next to the text, or on phones a list that opens. */
export function SideNavigation({ label, current, small = false, children }: Props) {
  return (
    <nav aria-label={label} className={small ? "text-sm" : "text-base"}>
      <div
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        tabIndex={0}
        role="group"
        aria-label={`${label}: all pages`}
        className="sticky top-23 max-h-[calc(100dvh-112px)] overflow-y-auto [scrollbar-width:thin] focus-visible:-outline-offset-2 max-lg:hidden [&>:first-child]:mt-0"
      >
        {children}
      </div>
      <details className="rounded-md border border-line-strong text-base lg:hidden">
        <summary className="flex h-10 list-none items-center justify-between gap-3 px-3 [&::-webkit-details-marker]:hidden">
          <span className="truncate">
            <span className="text-muted">In this part</span> {current}
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 text-muted" />
        </summary>
        <div className="max-h-[70dvh] overflow-y-auto border-t border-line px-4 pb-4">
          {children}
        </div>
      </details>
    </nav>
  );
}

/** A group of links in `SideNavigation`, each in an `li`. */
export function NavigationList({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-5">
      <p className="mb-1 text-sm font-strong">{title}</p>
      <ul className="border-l border-line [&_a]:-ml-px [&_a]:flex [&_a]:items-baseline [&_a]:gap-2 [&_a]:border-l [&_a]:border-transparent [&_a]:py-[3px] [&_a]:pr-2 [&_a]:pl-3.5 [&_a]:text-muted [&_a]:transition-colors [&_a:hover]:text-text [&_a[aria-current]]:border-text [&_a[aria-current]]:font-medium [&_a[aria-current]]:text-text">
        {children}
      </ul>
    </div>
  );
}
