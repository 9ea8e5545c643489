import type { MDXComponents } from "mdx/types";
import { Link as LinkIcon } from "lucide-react";
import Link from "next/link";
import { Children, isValidElement, type ComponentProps, type ReactNode } from "react";
import { Code, CodeBlock, CodeToken, Line } from "@/components/ui/code-block";
import { CodeTabs } from "@/components/ui/code-tabs";
import { Notice } from "@/components/ui/notice";
import { publicAddress } from "../../public-address";
import { DocsPage } from "./docs-page";
import { languageNames, tabOf } from "./languages";

/** The address of this server, where a page writes ONEKEY_URL. */
const Address = async () => publicAddress();

type DocBlock = { language: string; copy: string; children: ReactNode };

const withAddress = async (text: string) => text.replaceAll("ONEKEY_URL", await publicAddress());

async function DocsCode({ language, copy, children }: DocBlock) {
  return (
    <CodeBlock name={languageNames[language] ?? "Text"} copy={await withAddress(copy)}>
      {children}
    </CodeBlock>
  );
}

/** The same thing in several languages; the chosen language holds on every page. */
async function CodeGroup({
  label = "Language",
  children,
}: {
  label?: string;
  children: ReactNode;
}) {
  const blocks = Children.toArray(children).flatMap((child) =>
    isValidElement<DocBlock>(child) ? [child.props] : [],
  );
  const snippets = await Promise.all(
    blocks.map(async ({ language, copy, children: lines }) => ({
      ...tabOf(language),
      copy: await withAddress(copy),
      body: <Code>{lines}</Code>,
    })),
  );
  return <CodeTabs label={label} snippets={snippets} />;
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

/** A heading with a link to itself, which shows on hover and on focus. */
function heading(Tag: "h2" | "h3", className: string) {
  return function Heading({ id, children }: ComponentProps<"h2">) {
    return (
      <Tag id={id} className={`group flex items-center gap-2 font-strong ${className}`}>
        <span>{children}</span>
        {id === undefined ? null : (
          <a
            href={`#${id}`}
            aria-label="Link to this section"
            className="text-muted opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
          >
            <LinkIcon aria-hidden="true" className="size-[15px]" />
          </a>
        )}
      </Tag>
    );
  };
}

export const docsComponents: MDXComponents = {
  Address,
  CodeBlock: DocsCode,
  CodeGroup,
  CodeLine: Line,
  CodeToken,
  DocsPage,
  Notice,
  h2: heading("h2", "mt-7 text-[1.375rem]/7 tracking-[-0.022em]"),
  h3: heading("h3", "mt-3"),
  p: ({ children }) => <p className="max-w-prose">{children}</p>,
  ul: ({ children }) => (
    <ul className="grid max-w-prose list-disc gap-1.5 pl-5 marker:text-muted">{children}</ul>
  ),
  ol: ({ children }) => <ol className="grid max-w-prose gap-2 [counter-reset:step]">{children}</ol>,
  li: ({ children }) => (
    <li className="[ol>&]:relative [ol>&]:pl-[30px] [ol>&]:before:absolute [ol>&]:before:top-[3px] [ol>&]:before:left-0 [ol>&]:before:grid [ol>&]:before:size-5 [ol>&]:before:place-items-center [ol>&]:before:rounded-full [ol>&]:before:border [ol>&]:before:border-line-control [ol>&]:before:font-mono [ol>&]:before:text-xs/none [ol>&]:before:text-muted [ol>&]:before:content-[counter(step)] [ol>&]:[counter-increment:step]">
      {children}
    </li>
  ),
  a: Anchor,
  code: ({ children }) => (
    <code className="rounded-sm bg-quiet px-1 py-px font-mono text-[0.8125em] wrap-anywhere">
      {children}
    </code>
  ),
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
    <th className="border-b border-line-strong py-2 pr-4 text-left text-xs font-medium text-muted">
      {children}
    </th>
  ),
  td: ({ children }) => <td className="border-b border-line py-2 pr-4 align-top">{children}</td>,
};
