"use client";

import { LogOut, Plus } from "lucide-react";
import type { ReactElement } from "react";
import { AccountTile } from "@/components/team/avatar";
import { Menu, MenuItem, MenuLink, MenuPlace, MenuSeparator } from "@/components/ui/menu";
import { OtherAccount } from "./other-account";

export interface AccountLink {
  /** The team's id; null for the personal account. */
  teamId: string | null;
  name: string;
  /** What it is, and the role in it. */
  note: string;
  href: string;
}

interface Props {
  trigger: ReactElement;
  label: string;
  links: AccountLink[];
  /** The team of the page's URL; null for the personal account. */
  teamId: string | null;
  signOut: () => void;
}

/** The menu of accounts that one can switch to; loaded after the page's first view. */
export function AccountMenu({ trigger, label, links, teamId, signOut }: Props) {
  return (
    <Menu align="start" label={label} className="w-69 max-w-(--available-width)" trigger={trigger}>
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
      <MenuItem icon={<LogOut aria-hidden="true" />} onClick={signOut}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
