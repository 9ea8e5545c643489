import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "@/components/site/logo";
import { ThemeToggle } from "@/components/site/header";
import { env } from "@/lib/env";

/** The layout of an invitation: logo, content, and what to do when it was not expected. */
export function InvitationFrame({ children }: { children: ReactNode }) {
  const height = env().mode === "sandbox" ? "min-h-[calc(100dvh-34px)]" : "min-h-dvh";
  return (
    <div className={`grid grid-rows-[auto_1fr_auto] ${height}`}>
      <header className="wrap flex h-15 items-center justify-between">
        <Link href="/" aria-label="OneKey home">
          <Logo />
        </Link>
        <ThemeToggle />
      </header>
      <main
        id="main"
        className="grid grid-cols-[minmax(0,360px)_minmax(0,360px)] place-content-center gap-24 px-6 py-12 text-base max-lg:grid-cols-[minmax(0,400px)] max-lg:gap-12"
      >
        {children}
      </main>
      <footer className="wrap py-5 text-sm text-muted">
        <p>
          If you did not expect this invitation, close the page. Nothing changes unless you accept.{" "}
          <Link href="/terms" className="link">
            Terms
          </Link>
          ,{" "}
          <Link href="/privacy" className="link">
            Privacy policy
          </Link>
        </p>
      </footer>
    </div>
  );
}
