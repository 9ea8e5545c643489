import type { ReactNode } from "react";

export interface Section {
  id: string;
  title: string;
  /** Its name in the list, where the title is long. */
  short?: string;
  body: ReactNode;
}

/** A long page: a list of its sections at the side, and the sections. */
export function Doc({ sections }: { sections: Section[] }) {
  return (
    <div className="grid grid-cols-[200px_minmax(0,1fr)] gap-16 pb-24 max-lg:grid-cols-[minmax(0,1fr)] max-lg:gap-8">
      <nav
        aria-label="On this page"
        className="sticky top-23 grid self-start border-l border-line text-base max-lg:hidden"
      >
        {sections.map(({ id, title, short = title }) => (
          <a
            key={id}
            href={`#${id}`}
            className="-ml-px border-l border-transparent py-1 pl-4 text-muted transition-colors hover:border-text hover:text-text"
          >
            {short}
          </a>
        ))}
      </nav>
      <article className="grid min-w-0 gap-16">
        {sections.map(({ id, title, body }) => (
          <section
            key={id}
            id={id}
            className="grid grid-cols-[minmax(0,1fr)] gap-4 [&>p]:max-w-prose"
          >
            <h2 className="text-[1.375rem]/7 font-strong tracking-[-0.022em]">{title}</h2>
            {body}
          </section>
        ))}
      </article>
    </div>
  );
}

export function DashList({ items }: { items: ReactNode[] }) {
  return (
    <ul className="grid max-w-prose gap-1.5">
      {items.map((item, index) => (
        <li
          key={index}
          className="relative pl-4.5 before:absolute before:top-3 before:left-0.5 before:h-px before:w-[5px] before:bg-muted"
        >
          {item}
        </li>
      ))}
    </ul>
  );
}
