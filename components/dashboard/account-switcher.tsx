"use client";

import { ChevronsUpDown } from "lucide-react";
import { usePathname } from "next/navigation";
import { lazy, useRef, type ComponentProps } from "react";
import { AccountTile } from "@/components/team/avatar";
import { InBrowser } from "@/components/ui/in-browser";
import { accountPath, splitAccountPath } from "@/lib/account-path";
import type { Role } from "@/lib/teams/schema";
import { OtherAccount } from "./other-account";

const AccountMenu = lazy(() =>
  import("./account-menu").then((module) => ({ default: module.AccountMenu })),
);

export interface AccountChoice {
  /** The team's id; null for the personal account. */
  teamId: string | null;
  name: string;
  role: Role;
  /** The places of the dashboard that the role may open. */
  hrefs: string[];
}

interface Props {
  /** In the order in which they are listed: teams as they were joined, then the personal account. */
  accounts: AccountChoice[];
  /** The team of the page's URL; null for the personal account. */
  teamId: string | null;
  signOut: () => Promise<void>;
}

/** The account that the page is about, and a menu of those that one can switch to. */
export function AccountSwitcher({ accounts, teamId, signOut }: Props) {
  const pathname = usePathname();
  const form = useRef<HTMLFormElement>(null);
  const path = splitAccountPath(pathname)?.path ?? pathname;
  const current = accounts.find((account) => account.teamId === teamId);
  const name = current?.name ?? "";
  const label = `Account: ${name}`;
  const links = accounts.map((account) => ({
    ...account,
    href: accountPath(account.teamId, samePlace(path, account.hrefs)),
    note: account.teamId === null ? "Personal account" : `Team · you are ${ROLES[account.role]}`,
  }));
  return (
    <div className="min-w-0 max-md:flex-1">
      <InBrowser
        fallback={<Trigger name={name} isTeam={teamId !== null} aria-label={label} disabled />}
      >
        <AccountMenu
          trigger={<Trigger name={name} isTeam={teamId !== null} />}
          label={label}
          links={links}
          teamId={teamId}
          signOut={() => form.current?.requestSubmit()}
        />
      </InBrowser>
      <form ref={form} action={signOut} className="hidden" />
      <details className="hidden rounded-md border border-line bg-bg p-2 noscript:block">
        <summary className="truncate">{name}</summary>
        <ul className="mt-2 grid gap-1 text-sm">
          {links.map((account) => (
            <li key={account.teamId ?? "personal"}>
              <OtherAccount href={account.href}>{account.name}</OtherAccount>
            </li>
          ))}
          <li>
            <OtherAccount href="/dashboard/new-team">New team</OtherAccount>
          </li>
        </ul>
      </details>
    </div>
  );
}

type TriggerProps = ComponentProps<"button"> & { name: string; isTeam: boolean };

/** The button that opens the menu; disabled until the menu's scripts have loaded. */
function Trigger({ name, isTeam, ...props }: TriggerProps) {
  return (
    <button
      {...props}
      type="button"
      className="flex h-10 w-full min-w-0 items-center gap-2.5 rounded-md border border-line bg-bg px-2 text-left hover:bg-hover focus-visible:rounded-md data-popup-open:bg-hover max-md:w-auto max-md:max-w-full max-md:border-transparent max-md:bg-transparent noscript:hidden"
    >
      <AccountTile name={name} isTeam={isTeam} />
      <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
      <ChevronsUpDown aria-hidden="true" className="size-3.5 flex-none stroke-[1.75] text-muted" />
    </button>
  );
}

const ROLES: Record<Role, string> = {
  owner: "an owner",
  admin: "an admin",
  developer: "a developer",
  billing: "in billing",
  viewer: "a viewer",
};

/** The place of the page in another account, or the nearest one above it that the role may open there. */
function samePlace(path: string, hrefs: string[]): string {
  const above = hrefs.filter((href) => path === href || path.startsWith(`${href}/`));
  return above.toSorted((a, b) => b.length - a.length)[0] ?? "/dashboard";
}
