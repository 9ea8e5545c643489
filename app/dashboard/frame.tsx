import { Suspense, type ReactNode } from "react";
import { Link } from "@/components/ui/link";
import { BalancePanel } from "@/components/dashboard/balance";
import { PendingPage } from "@/components/dashboard/pending-page";
import { AccountRow, Sidebar } from "@/components/dashboard/sidebar";
import { Notice } from "@/components/ui/notice";
import { AccountProvider } from "@/components/ui/account-context";
import { teamIdOf, type Account } from "@/lib/accounts/schema";
import type { AccountMember } from "@/lib/auth/member";
import { listAccountsOf } from "@/lib/auth/teams";
import { env } from "@/lib/env";
import { formatMoment } from "@/lib/format";
import { balanceOf, fastBalanceOf } from "./figures";
import { placesOf } from "./role-places";
import { signOut } from "./sign-out";

export async function DashboardFrame({
  member: { account, user, role },
  operator,
  children,
}: {
  member: AccountMember;
  /** Whether they are one of this server's operators. */
  operator: boolean;
  children: ReactNode;
}) {
  const banner = env().mode === "sandbox";
  const teamId = teamIdOf(account);
  const accounts = await listAccountsOf(user);
  const hrefs = placesOf(role);
  const canBuy = hrefs.includes("/dashboard/credits");
  return (
    <AccountProvider teamId={teamId}>
      <div
        className={`md:grid md:grid-cols-[232px_minmax(0,1fr)] print:block ${banner ? "md:min-h-[calc(100dvh-34px)]" : "md:min-h-dvh"}`}
      >
        <Sidebar
          email={user.email}
          accounts={accounts.map((choice) => ({
            teamId: choice.teamId,
            name: choice.name,
            role: choice.role,
            hrefs: placesOf(choice.role),
          }))}
          teamId={teamId}
          hrefs={hrefs}
          operator={operator}
          balance={fastBalanceOf(account)}
          balancePanel={
            <Suspense fallback={<BalancePanel balance={fastBalanceOf(account)} canBuy={canBuy} />}>
              <Balance account={account} canBuy={canBuy} />
            </Suspense>
          }
          banner={banner}
          signOut={signOut}
        />
        <div className="min-w-0">
          <main
            id="main"
            className="mx-auto grid max-w-[1184px] grid-cols-[minmax(0,1fr)] gap-7 px-8 pt-7 pb-16 max-md:gap-6 max-md:px-4 max-md:pt-5 max-md:pb-12"
          >
            {account.suspendedAt === undefined ? null : (
              <Notice tone="danger">
                This account has been suspended since {formatMoment(account.suspendedAt)}. Its keys
                are disabled and new keys cannot be created. Your data is kept.{" "}
                <Link href="/contact" className="link">
                  Contact the operator
                </Link>
                .
              </Notice>
            )}
            <PendingPage>{children}</PendingPage>
          </main>
          <footer className="border-t border-line px-2 py-2 md:hidden">
            <AccountRow email={user.email} signOut={signOut} />
          </footer>
        </div>
      </div>
    </AccountProvider>
  );
}

/** The balance, with the warning that needs the usual spend. */
async function Balance({ account, canBuy }: { account: Account; canBuy: boolean }) {
  return <BalancePanel balance={await balanceOf(account)} canBuy={canBuy} />;
}
