import { Search, SunMoon } from "lucide-react";
import Link from "next/link";
import { Button, buttonStyle } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { places, type Place } from "./links";
import { Logo } from "./logo";
import { SiteMenu } from "./menu";

interface Props {
  current: Place | undefined;
  /** The docs are wider, and have a field for the search. */
  wide?: boolean;
}

export function SiteHeader({ current, wide = false }: Props) {
  return (
    <header className="sticky top-0 z-5 border-b border-line bg-bg text-base">
      <div
        className={cn("wrap flex h-15 items-center gap-7 max-md:gap-2", wide && "max-w-[1376px]")}
      >
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
        <div className="ml-auto flex items-center gap-2 max-md:gap-1">
          <SearchButton wide={wide} />
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
          <SiteMenu current={current} />
        </div>
      </div>
    </header>
  );
}

/** Opens the command palette: a field in the docs, an icon elsewhere. */
function SearchButton({ wide }: { wide: boolean }) {
  return (
    <button
      type="button"
      data-open-palette=""
      aria-label="Search"
      aria-keyshortcuts="Control+K"
      className={cn(
        "flex h-control items-center gap-2 rounded-md text-sm text-muted hover:bg-hover hover:text-text noscript:hidden",
        wide
          ? "mr-1 w-[210px] border border-line-strong pr-1.5 pl-2 max-md:mr-0 max-md:w-9 max-md:justify-center max-md:border-transparent max-md:p-0"
          : "w-9 justify-center",
      )}
    >
      <Search aria-hidden="true" className="size-4" />
      {wide ? (
        <>
          <span className="max-md:hidden">Search docs</span>
          <kbd className="ml-auto rounded-sm border border-line bg-quiet px-[5px] text-[0.6875rem]/4 max-md:hidden">
            Ctrl K
          </kbd>
        </>
      ) : null}
    </button>
  );
}

/** public/theme.js listens for it, so it needs no separate script. */
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
