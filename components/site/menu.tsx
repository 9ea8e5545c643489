"use client";

import { Menu, X } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { places, type Place } from "./links";

/** The menu of phones: the places, search and sign-in. It opens without scripts too. */
export function SiteMenu({ current }: { current: Place | undefined }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const { current: element } = menu;
      if (!element?.open) return;
      const inside = event.target instanceof Node && element.contains(event.target);
      const escape = event instanceof KeyboardEvent && event.key === "Escape";
      if (event instanceof KeyboardEvent ? !escape : inside) return;
      element.open = false;
      if (escape) element.querySelector("summary")?.focus();
    };
    document.addEventListener("keydown", close);
    document.addEventListener("pointerdown", close);
    return () => {
      document.removeEventListener("keydown", close);
      document.removeEventListener("pointerdown", close);
    };
  }, []);
  const closeMenu = () => {
    if (menu.current) menu.current.open = false;
  };
  const item =
    "flex h-12 items-center border-b border-line px-6 text-md last:border-0 aria-[current]:font-medium";
  return (
    <details ref={menu} className="group md:hidden">
      <summary
        aria-label="Menu"
        className="grid size-9 list-none place-items-center rounded-md hover:bg-hover [&::-webkit-details-marker]:hidden"
      >
        <Menu aria-hidden="true" className="size-4.5 group-open:hidden" />
        <X aria-hidden="true" className="size-4.5 not-group-open:hidden" />
      </summary>
      <nav
        aria-label="Menu"
        className="absolute inset-x-0 top-15 border-b border-line bg-bg shadow-popup"
      >
        {places.map(({ id, name, href }) => (
          <Link
            key={id}
            href={href}
            onClick={closeMenu}
            aria-current={id === current ? "page" : undefined}
            className={item}
          >
            {name}
          </Link>
        ))}
        <Link href="/status" onClick={closeMenu} className={item}>
          Status
        </Link>
        <Link href="/sign-in" prefetch={false} className={`${item} in-data-signed-in:hidden`}>
          Sign in
        </Link>
        <Link href="/dashboard" prefetch={false} className={`${item} not-in-data-signed-in:hidden`}>
          Dashboard
        </Link>
      </nav>
    </details>
  );
}
