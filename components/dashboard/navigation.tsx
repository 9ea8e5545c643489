"use client";

import { Link } from "@/components/ui/link";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { splitAccountPath } from "@/lib/account-path";
import { onPendingPlace, pendingPlace, setPendingPlace } from "./pending-place";
import { operatorPlace, places } from "./places";

/**
 * The dashboard's pages; on phones a scrolling row with the current page in view. A page is fetched when the pointer or the
 * focus is on its link, and the link is current from the click on.
 */
export function Navigation({
  operator,
  hrefs,
}: {
  operator: boolean;
  /** The places that the role may open. */
  hrefs: string[];
}) {
  const pathname = usePathname();
  const path = splitAccountPath(pathname)?.path ?? pathname;
  const pending = useSyncExternalStore(onPendingPlace, pendingPlace, () => null);
  const [prefetchedPaths, setPrefetched] = useState<string[]>([]);
  const prefetch = (href: string) =>
    setPrefetched((all) => (all.includes(href) ? all : [...all, href]));
  const currentLink = useRef<HTMLAnchorElement>(null);
  useFreshLayout(path);
  useEffect(() => {
    // Newer browsers return a promise, which React would treat as the effect's cleanup.
    void currentLink.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [path]);
  return (
    <nav
      aria-label="Dashboard"
      className="no-scrollbar grid gap-px max-md:auto-cols-max max-md:grid-flow-col max-md:gap-5 max-md:scroll-px-4 max-md:overflow-x-auto max-md:px-4"
    >
      {[
        ...places.filter(({ href }) => hrefs.includes(href)),
        ...(operator ? [operatorPlace] : []),
      ].map(({ name, href, icon: Icon }) => {
        const shownPath = pending ?? path;
        const current = href === "/dashboard" ? shownPath === href : shownPath.startsWith(href);
        return (
          <Link
            key={href}
            ref={current ? currentLink : undefined}
            href={href}
            prefetch={prefetchedPaths.includes(href)}
            onMouseEnter={() => prefetch(href)}
            onFocus={() => prefetch(href)}
            onNavigate={() => href !== path && setPendingPlace(href)}
            aria-current={current ? "page" : undefined}
            className="group flex h-8 items-center gap-2.5 rounded-md px-2 font-medium text-muted transition-colors hover:bg-hover hover:text-text focus-visible:rounded-md aria-[current]:bg-hover aria-[current]:text-text max-md:h-10 max-md:rounded-none max-md:border-b-2 max-md:border-transparent max-md:px-0 max-md:hover:bg-transparent max-md:focus-visible:-outline-offset-2 max-md:aria-[current]:border-text max-md:aria-[current]:bg-transparent forced-colors:aria-[current]:underline"
          >
            <Icon
              aria-hidden="true"
              className="size-4 stroke-[1.75] group-aria-[current]:text-accent max-md:hidden"
            />
            {name}
          </Link>
        );
      })}
    </nav>
  );
}

/** Next keeps a layout when the page changes. Refreshing it updates the balance in the sidebar. */
function useFreshLayout(path: string) {
  const router = useRouter();
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    router.refresh();
  }, [path, router]);
}
