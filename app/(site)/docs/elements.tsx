import type { MDXComponents } from "mdx/types";
import Link from "next/link";
import { isValidElement, type ComponentProps, type ReactNode } from "react";
import { CodeBlock } from "@/components/ui/code-block";
import { Notice } from "@/components/ui/notice";
import { publicAddress } from "../../public-address";
import { docsPages } from "./pages";

/** The pages write ONEKEY_URL where this server's own address belongs. */
const filledIn = async (text: string) => text.replaceAll("ONEKEY_URL", await publicAddress());

const names: Record<string, string> = {
  sh: "Terminal",
  ts: "TypeScript",
  python: "Python",
  json: "JSON",
  toml: "TOML",
  yaml: "YAML",
  http: "HTTP",
};

/** A block of code with the server's address filled in; its language names it. */
async function Pre({ children }: ComponentProps<"pre">) {
  if (!isValidElement<{ className?: string; children?: ReactNode }>(children))
    return <pre>{children}</pre>;
  const language = /language-(\w+)/.exec(children.props.className ?? "")?.[1] ?? "";
  const text = await filledIn(String(children.props.children).trimEnd());
  return <CodeBlock name={names[language] ?? "Text"} copy={text} />;
}

async function InlineCode({ children }: ComponentProps<"code">) {
  return (
    <code className="rounded-sm bg-quiet px-1 py-px font-mono text-[0.8125em] wrap-anywhere">
      {typeof children === "string" ? await filledIn(children) : children}
    </code>
  );
}

function Anchor({ href = "", children }: ComponentProps<"a">) {
  return href.startsWith("/") ? (
    <Link href={href} className="link">
      {children}
    </Link>
  ) : (
    <a href={href} className="link">
      {children}
    </a>
  );
}

/** What was run of a page's settings against this code. */
function Tried({ page }: { page: string }) {
  const tried = docsPages.find(({ path }) => path === page)?.tried;
  return tried === undefined ? null : <Notice className="mt-4 max-w-prose">{tried}</Notice>;
}

/** The id of a heading, so that it can be linked to. */
const idOf = (children: ReactNode) =>
  typeof children === "string" ? children.toLowerCase().replace(/[^a-z0-9]+/g, "-") : undefined;

export const docsComponents: MDXComponents = {
  Tried,
  h1: ({ children }) => <h1 className="text-2xl font-strong">{children}</h1>,
  h2: ({ children }) => (
    <h2 id={idOf(children)} className="mt-6 text-[1.375rem]/7 font-strong tracking-[-0.022em]">
      {children}
    </h2>
  ),
  h3: ({ children }) => (
    <h3 id={idOf(children)} className="mt-3 font-strong">
      {children}
    </h3>
  ),
  p: ({ children }) => <p className="max-w-prose">{children}</p>,
  ul: ({ children }) => (
    <ul className="grid max-w-prose list-disc gap-1.5 pl-5 marker:text-muted">{children}</ul>
  ),
  ol: ({ children }) => (
    <ol className="grid max-w-prose list-decimal gap-1.5 pl-5 marker:text-muted">{children}</ol>
  ),
  a: Anchor,
  code: InlineCode,
  pre: Pre,
  table: ({ children }) => (
    <div
      className="overflow-x-auto"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
      tabIndex={0}
      role="group"
      aria-label="Table"
    >
      <table className="w-full border-collapse text-base">{children}</table>
    </div>
  ),
  th: ({ children }) => (
    <th className="border-b border-line-strong py-2 pr-4 text-left text-sm font-normal text-muted">
      {children}
    </th>
  ),
  td: ({ children }) => <td className="border-b border-line py-2 pr-4 align-top">{children}</td>,
};
