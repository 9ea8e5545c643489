import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "@/components/site/logo";
import { env } from "@/lib/env";

/** The layout of the sign-in pages: logo, content, terms. */
export function SignInFrame({ children }: { children: ReactNode }) {
  const height = env().mode === "sandbox" ? "min-h-[calc(100dvh-34px)]" : "min-h-dvh";
  return (
    <div className={`grid grid-rows-[auto_1fr_auto] ${height}`}>
      <header className="wrap flex h-15 items-center">
        <Link href="/" aria-label="OneKey home">
          <Logo />
        </Link>
      </header>
      <main
        id="main"
        className="grid grid-cols-[minmax(0,360px)_minmax(0,360px)] place-content-center gap-24 px-6 py-12 text-base max-lg:grid-cols-[minmax(0,400px)] max-lg:gap-12"
      >
        {children}
      </main>
      <footer className="wrap py-5 text-sm text-muted">
        <p>
          By signing in you agree to the{" "}
          <Link href="/terms" className="link">
            Terms
          </Link>{" "}
          and the{" "}
          <Link href="/privacy" className="link">
            Privacy policy
          </Link>
          .
        </p>
      </footer>
    </div>
  );
}
