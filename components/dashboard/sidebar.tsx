import { LogOut, Search } from "lucide-react";
import { Link } from "@/components/ui/link";
import type { ReactNode } from "react";
import { ThemeToggle } from "@/components/site/header";
import { Logo, Mark } from "@/components/site/logo";
import { Button, buttonStyle } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { formatCents } from "@/lib/format";
import { AccountSwitcher, type AccountChoice } from "./account-switcher";
import type { BalanceView } from "./balance";
import { Navigation } from "./navigation";

interface Props {
  email: string;
  /** The accounts of who is signed in, and the team of the page. */
  accounts: AccountChoice[];
  teamId: string | null;
  /** The places that the role may open. */
  hrefs: string[];
  balance: BalanceView;
  /** The same in full; it may come later. */
  balancePanel: ReactNode;
  /** Shows the link to the operator page. */
  operator: boolean;
  /** The sandbox's banner is above it. */
  banner: boolean;
  signOut: () => Promise<void>;
}

/** Logo, navigation, balance and account; on phones a row of tabs below logo and balance. */
export function Sidebar(props: Props) {
  const { email, accounts, teamId, hrefs, balance, balancePanel, operator, banner, signOut } =
    props;
  const canBuy = hrefs.includes("/dashboard/credits");
  return (
    <aside aria-label="Account" className="border-line bg-quiet max-md:border-b md:border-r">
      <div
        className={cn(
          "sticky top-0 flex flex-col gap-5 px-3 pt-5 pb-3 max-md:static max-md:gap-2.5 max-md:px-0 max-md:pt-3 max-md:pb-0",
          banner ? "md:h-[calc(100dvh-34px)]" : "md:h-dvh",
        )}
      >
        <div className="grid gap-4 max-md:flex max-md:items-center max-md:gap-2 max-md:px-4">
          <Link
            href="/dashboard"
            aria-label="OneKey overview"
            className="justify-self-start md:ml-2"
          >
            <span className="max-md:hidden">
              <Logo />
            </span>
            <span className="md:hidden">
              <Mark />
            </span>
          </Link>
          <AccountSwitcher accounts={accounts} teamId={teamId} signOut={signOut} />
          {canBuy ? (
            <Link
              href="/dashboard/credits"
              prefetch={false}
              aria-label={`Balance ${formatCents(balance.credits)}`}
              className={buttonStyle({ size: "sm", className: "tabular-nums md:hidden" })}
            >
              {formatCents(balance.credits)}
            </Link>
          ) : null}
        </div>
        <button
          type="button"
          data-open-palette=""
          aria-label="Search"
          aria-keyshortcuts="Control+K"
          className="mx-2 flex h-control-sm items-center gap-2 rounded-md border border-line-strong bg-bg pr-1.5 pl-2 text-sm text-muted hover:text-text max-md:hidden noscript:hidden"
        >
          <Search aria-hidden="true" className="size-4" />
          Search
          <kbd
            aria-hidden="true"
            className="ml-auto rounded border border-line px-1 font-mono text-xs"
          >
            Ctrl K
          </kbd>
        </button>
        <Navigation operator={operator} hrefs={hrefs} />
        <div className="mt-auto grid grid-cols-[minmax(0,1fr)] gap-3 max-md:hidden">
          <nav aria-label="Help" className="flex gap-4 px-2 text-sm text-muted">
            <Link href="/docs" prefetch={false} className="hover:text-text">
              Docs
            </Link>
            <Link href="/status" prefetch={false} className="hover:text-text">
              Status
            </Link>
            <Link href="/contact" prefetch={false} className="hover:text-text">
              Help
            </Link>
          </nav>
          {balancePanel}
          <AccountRow email={email} signOut={signOut} />
        </div>
      </div>
    </aside>
  );
}

/** The signed-in account and the sign-out button; at the end of the page on phones. */
export function AccountRow({ email, signOut }: Pick<Props, "email" | "signOut">) {
  return (
    <div className="flex items-center gap-1 py-1 pr-1 pl-2 text-sm">
      <span className="min-w-0 flex-1 truncate text-muted" title={email}>
        {email}
      </span>
      <ThemeToggle />
      <form action={signOut}>
        <Button type="submit" variant="ghost" size="sm" icon aria-label="Sign out" title="Sign out">
          <LogOut aria-hidden="true" />
        </Button>
      </form>
    </div>
  );
}
