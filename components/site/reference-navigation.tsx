"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { NavigationList, SideNavigation } from "./side-navigation";

type Group = {
  title: string;
  operations: { slug: string; method: string; path: string }[];
};

const sections = [
  ["Introduction", ""],
  ["Authentication", "#auth"],
  ["Headers", "#headers"],
  ["Errors", "#errors"],
  ["Rate limits", "#limits"],
] as const;

/** The endpoints in a column at the side, or on phones in a list that opens. */
export function ReferenceNavigation({ groups }: { groups: Group[] }) {
  const currentPath = usePathname();
  const current = groups
    .flatMap(({ operations }) => operations)
    .find(({ slug }) => currentPath === `/docs/api/${slug}`);
  return (
    <SideNavigation
      label="API reference"
      current={current ? `${current.method} ${current.path}` : "Introduction"}
      small
    >
      <NavigationList title="API reference">
        <li>
          <Link href="/docs" prefetch={false}>
            All docs
          </Link>
        </li>
        {sections.map(([name, anchor]) => (
          <li key={name}>
            <Link
              href={`/docs/api${anchor}`}
              prefetch={false}
              aria-current={anchor === "" && currentPath === "/docs/api" ? "page" : undefined}
            >
              {name}
            </Link>
          </li>
        ))}
      </NavigationList>
      {groups.map(({ title, operations }) => (
        <NavigationList key={title} title={title}>
          {operations.map(({ slug, method, path }) => (
            <li key={slug}>
              <Link
                href={`/docs/api/${slug}`}
                prefetch={false}
                aria-current={currentPath === `/docs/api/${slug}` ? "page" : undefined}
              >
                <Verb method={method} />
                <span className="truncate" title={path}>
                  {path.replace(/^\/v1beta\/models\/\{model\}(?=:)/, "")}
                </span>
              </Link>
            </li>
          ))}
        </NavigationList>
      ))}
    </SideNavigation>
  );
}

export function Verb({ method, big = false }: { method: string; big?: boolean }) {
  const color = method === "GET" ? "text-accent" : "text-code-key";
  return (
    <b
      className={`flex-none font-mono font-medium ${color} ${big ? "rounded-sm bg-hover px-[7px] py-[5px] text-xs/none" : "min-w-[31px] text-[0.625rem]/none"}`}
    >
      {method === "DELETE" && !big ? "DEL" : method}
    </b>
  );
}
