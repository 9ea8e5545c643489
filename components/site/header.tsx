import { SunMoon } from "lucide-react";
import Link from "next/link";
import { Button, buttonStyle } from "@/components/ui/button";
import { places, type Place } from "./links";
import { Logo } from "./logo";

export function SiteHeader({ current }: { current: Place | undefined }) {
  return (
    <header className="sticky top-0 z-5 border-b border-line bg-bg text-base">
      <div className="wrap flex h-15 items-center gap-7 max-md:gap-3">
        <Link href="/" aria-label="OneKey home">
          <Logo />
        </Link>
        <nav aria-label="Site" className="flex gap-5.5 max-md:hidden">
          {places.map(({ id, name, href }) => (
            <Link
              key={id}
              href={href}
              aria-current={id === current ? "page" : undefined}
              className="text-muted transition-colors hover:text-text aria-[current]:text-text"
            >
              {name}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-2">
          <ThemeToggle />
          <Link
            href="/sign-in"
            prefetch={false}
            className={buttonStyle({
              variant: "ghost",
              className: "max-md:hidden in-data-signed-in:hidden",
            })}
          >
            Sign in
          </Link>
          <Link
            href="/sign-in"
            prefetch={false}
            className={buttonStyle({ variant: "primary", className: "in-data-signed-in:hidden" })}
          >
            Get a key
          </Link>
          <Link
            href="/dashboard"
            prefetch={false}
            className={buttonStyle({
              variant: "primary",
              className: "not-in-data-signed-in:hidden",
            })}
          >
            Dashboard
          </Link>
        </div>
      </div>
    </header>
  );
}

/** public/theme.js listens for it, so it needs no script of its own. */
export function ThemeToggle() {
  return (
    <Button
      variant="ghost"
      size="sm"
      icon
      data-theme-toggle=""
      aria-label="Switch between light and dark"
      className="noscript:hidden"
    >
      <SunMoon aria-hidden="true" />
    </Button>
  );
}
