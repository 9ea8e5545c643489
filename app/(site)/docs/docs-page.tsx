import { FileText } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { CopyPage } from "@/components/site/copy-page";
import { TableOfContents, type Heading } from "@/components/site/table-of-contents";
import { docsPages, groups } from "./pages";

interface Props {
  path: string;
  /** JSON of the page's headings, as the compiler of the page wrote it. */
  headings: string;
  children: ReactNode;
}

/** What surrounds a page of the docs: its title, its Markdown twin, the pages before and after it, its contents. */
export function DocsPage({ path, headings, children }: Props) {
  const page = docsPages.find((candidate) => candidate.path === path);
  if (!page) throw new Error(`pages.ts does not list ${path}.`);
  const group = groups.find(({ pages }) => pages.includes(page));
  const index = docsPages.indexOf(page);
  const list = JSON.parse(headings) as Heading[];
  return (
    <>
      <article className="grid min-w-0 max-w-176 grid-cols-[minmax(0,1fr)] content-start gap-4">
        <p className="text-sm text-muted">{group?.title}</p>
        <h1 className="text-xl font-strong">{page.title}</h1>
        <p className="max-w-prose text-[1.0625rem]/6.75 text-muted">{page.description}</p>
        <MarkdownLinks path={path} />
        {children}
        <nav aria-label="Pages before and after" className="mt-8 grid gap-3 md:grid-cols-2">
          <Neighbor label="Previous" page={docsPages[index - 1]} />
          <Neighbor label="Next" page={docsPages[index + 1]} end />
        </nav>
        {page.checked === undefined ? null : (
          <p className="mt-3 border-t border-line pt-5 text-sm text-muted">{page.checked}</p>
        )}
      </article>
      <TableOfContents headings={list} />
    </>
  );
}

export function MarkdownLinks({ path }: { path: string }) {
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      <a
        href={`${path}.md`}
        className="inline-flex items-center gap-1.5 transition-colors hover:text-text"
      >
        <FileText aria-hidden="true" className="size-3.5" />
        This page as Markdown
      </a>
      <CopyPage href={`${path}.md`} />
    </p>
  );
}

function Neighbor({
  label,
  page,
  end = false,
}: {
  label: string;
  page: { path: string; title: string } | undefined;
  end?: boolean;
}) {
  if (!page) return <span className="max-md:hidden" />;
  return (
    <Link
      href={page.path}
      className={`grid gap-0.5 rounded-lg border border-line px-4 py-3 text-base transition-colors hover:bg-quiet ${end ? "md:text-right" : ""}`}
    >
      <span className="text-sm text-muted">{label}</span>
      <span className="font-medium">{page.title}</span>
    </Link>
  );
}
