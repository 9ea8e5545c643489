"use client";

import { Link } from "@/components/ui/link";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";

/**
 * Renders the text of a model without HTML and without images, whose URLs could leak data. Only links to this site are
 * links; others are text.
 */
const components: Components = {
  a: ({ href = "", children }) =>
    /^\/(?!\/)/.test(href) ? (
      <Link href={href} prefetch={false} className="link">
        {children}
      </Link>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt }) => <span>{alt}</span>,
  ul: ({ children }) => <ul className="grid list-disc gap-1 pl-5 marker:text-muted">{children}</ul>,
  ol: ({ children }) => (
    <ol className="grid list-decimal gap-1 pl-5 marker:text-muted">{children}</ol>
  ),
  code: ({ children }) => (
    <code className="rounded-sm bg-quiet px-1 font-mono text-[0.8125em]">{children}</code>
  ),
  pre: ({ children }) => (
    <pre
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-lg border border-line bg-quiet p-3 text-sm"
    >
      {children}
    </pre>
  ),
  table: ({ children }) => (
    <div className="overflow-x-auto">
      <table className="w-full text-sm tabular-nums">{children}</table>
    </div>
  ),
  th: ({ children }) => (
    <th className="border-b border-line-strong py-1.5 pr-4 text-left font-normal text-muted">
      {children}
    </th>
  ),
  td: ({ children }) => <td className="border-b border-line py-1.5 pr-4">{children}</td>,
  strong: ({ children }) => <strong className="font-strong tabular-nums">{children}</strong>,
  h1: ({ children }) => <p className="font-strong">{children}</p>,
  h2: ({ children }) => <p className="font-strong">{children}</p>,
  h3: ({ children }) => <p className="font-strong">{children}</p>,
};

export default function SafeMarkdown({ children }: { children: string }) {
  return (
    <Markdown remarkPlugins={[remarkGfm]} components={components}>
      {children}
    </Markdown>
  );
}
