"use client";

import { useEffect, useState } from "react";

export type Heading = { id: string; text: string; level: number };

/** The sections of a page in a column at its right; the one in view is marked. */
export function TableOfContents({ headings }: { headings: Heading[] }) {
  const [current, setCurrent] = useState(headings[0]?.id);
  useEffect(() => {
    const mark = () => {
      const passedHeadings = headings.filter(
        ({ id }) => (document.getElementById(id)?.getBoundingClientRect().top ?? Infinity) < 120,
      );
      const atEnd =
        window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
      setCurrent((atEnd ? headings.at(-1) : (passedHeadings.at(-1) ?? headings[0]))?.id);
    };
    mark();
    window.addEventListener("scroll", mark, { passive: true });
    return () => window.removeEventListener("scroll", mark);
  }, [headings]);
  if (headings.length < 2) return <span className="max-xl:hidden" />;
  return (
    <nav
      aria-label="On this page"
      className="sticky top-23 max-h-[calc(100dvh-112px)] self-start overflow-y-auto text-sm max-xl:hidden"
    >
      <h2 className="mb-1 text-sm font-strong">On this page</h2>
      <ul className="border-l border-line">
        {headings.map(({ id, text, level }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              aria-current={id === current ? "true" : undefined}
              className={`-ml-px block border-l border-transparent py-[3px] text-muted transition-colors hover:text-text aria-[current]:border-text aria-[current]:text-text ${level === 3 ? "pl-6" : "pl-3"}`}
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
