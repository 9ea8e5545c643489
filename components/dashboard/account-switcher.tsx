"use client";

import { ChevronsUpDown, LogOut, Plus } from "lucide-react";
import { usePathname } from "next/navigation";
import { useRef, type ComponentProps } from "react";
import { AccountTile } from "@/components/team/avatar";
import { Menu, MenuItem, MenuPlace, MenuSeparator, MenuLink } from "@/components/ui/menu";
import { accountPath, splitAccountPath } from "@/lib/account-path";
import type { Role } from "@/lib/teams/schema";

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
  const links = accounts.map((account) => ({
    ...account,
    href: accountPath(account.teamId, samePlace(path, account.hrefs)),
    note: account.teamId === null ? "Personal account" : `Team · you are ${ROLES[account.role]}`,
  }));
  return (
    <div className="min-w-0 max-md:flex-1">
      <Menu
        align="start"
        label={`Account: ${name}`}
        className="w-69 max-w-(--available-width)"
        trigger={
          <button
            type="button"
            className="flex h-10 w-full min-w-0 items-center gap-2.5 rounded-md border border-line bg-bg px-2 text-left hover:bg-hover focus-visible:rounded-md data-popup-open:bg-hover max-md:w-auto max-md:max-w-full max-md:border-transparent max-md:bg-transparent noscript:hidden"
          >
            <AccountTile name={name} isTeam={teamId !== null} />
            <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
            <ChevronsUpDown
              aria-hidden="true"
              className="size-3.5 flex-none stroke-[1.75] text-muted"
            />
          </button>
        }
      >
        {links.map((account) => (
          <MenuPlace
            key={account.teamId ?? "personal"}
            isCurrent={account.teamId === teamId}
            icon={<AccountTile name={account.name} isTeam={account.teamId !== null} />}
            note={account.note}
            link={<OtherAccount href={account.href} />}
          >
            {account.name}
          </MenuPlace>
        ))}
        <MenuSeparator />
        <MenuLink
          icon={<Plus aria-hidden="true" />}
          link={<OtherAccount href="/dashboard/new-team" />}
        >
          New team
        </MenuLink>
        <MenuItem
          icon={<LogOut aria-hidden="true" />}
          onClick={() => form.current?.requestSubmit()}
        >
          Sign out
        </MenuItem>
      </Menu>
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

/** A link that loads a document: the frame of the dashboard is of one account. */
const OtherAccount = ({ children, ...props }: ComponentProps<"a">) => <a {...props}>{children}</a>;

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
