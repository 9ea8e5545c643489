"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

type Group = { title: string; pages: { path: string; title: string; tried?: string }[] };

/** The list of pages: a column beside the text, or on phones a list that opens. */
export function DocsNavigation({ groups }: { groups: Group[] }) {
  const here = usePathname();
  const current = groups.flatMap(({ pages }) => pages).find(({ path }) => path === here);
  const list = groups.map(({ title, pages }) => (
    <div key={title} className="grid gap-1">
      <p className="pl-4 text-sm text-muted">{title}</p>
      <ul className="grid border-l border-line">
        {pages.map(({ path, title: name }) => (
          <li key={path}>
            <Link
              href={path}
              prefetch={false}
              aria-current={path === here ? "page" : undefined}
              className="-ml-px block border-l border-transparent py-1 pl-4 text-muted transition-colors hover:border-text hover:text-text aria-[current]:border-text aria-[current]:text-text"
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
  return (
    <nav aria-label="Docs" className="text-base">
      <div className="sticky top-23 grid max-h-[calc(100dvh-100px)] gap-4 overflow-y-auto max-lg:hidden">
        {list}
      </div>
      <details className="rounded-lg border border-line lg:hidden">
        <summary className="cursor-pointer px-4 py-2.5">{current?.title ?? "All pages"}</summary>
        <div className="grid gap-5 border-t border-line px-2 py-4">{list}</div>
      </details>
    </nav>
  );
}
