"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { NavigationList, SideNavigation } from "./side-navigation";

type Group = { title: string; pages: { path: string; title: string }[] };

/** The list of the pages of the docs. */
export function DocsNavigation({ groups }: { groups: Group[] }) {
  const currentPath = usePathname();
  const current = groups.flatMap(({ pages }) => pages).find(({ path }) => path === currentPath);
  return (
    <SideNavigation label="Docs" current={current?.title ?? "All pages"}>
      {groups.map(({ title, pages }) => (
        <NavigationList key={title} title={title}>
          {pages.map(({ path, title: name }) => (
            <li key={path}>
              <Link
                href={path}
                prefetch={false}
                aria-current={path === currentPath ? "page" : undefined}
              >
                {name}
              </Link>
            </li>
          ))}
        </NavigationList>
      ))}
    </SideNavigation>
  );
}
