import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";
import { CopyButton } from "./copy-button";

export const codeFrame = "min-w-0 overflow-hidden rounded-lg border border-line bg-quiet";
export const codeHead =
  "flex h-[42px] items-center justify-between gap-2 border-b border-line pr-1.5 pl-4";

/** One snippet with its name and a Copy button. `copy` is the text without markup. */
export function CodeBlock({
  name,
  copy,
  children,
}: {
  name: ReactNode;
  copy: string;
  children?: ReactNode;
}) {
  return (
    <div className={codeFrame}>
      <div className={codeHead}>
        <span className="text-sm text-muted">{name}</span>
        <CopyButton text={copy} what="code" />
      </div>
      <Code>
        {children ?? copy.split("\n").map((line, index) => <Line key={index}>{line}</Line>)}
      </Code>
    </div>
  );
}

/** Lines of code. It takes focus because it may scroll sideways. */
export function Code({
  diff = false,
  className,
  ...rest
}: ComponentProps<"pre"> & { diff?: boolean }) {
  return (
    <pre
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
      tabIndex={0}
      {...rest}
      data-diff={diff || undefined}
      className={cn(
        "group/code overflow-x-auto py-3.5 font-mono text-sm/5.25 tracking-[-0.01em] [tab-size:2] max-md:text-xs/5.25 focus-visible:-outline-offset-2",
        className,
      )}
    />
  );
}

const marks = {
  add: "bg-diff-add before:absolute before:left-3.5 before:text-diff-add-mark before:content-['+']",
  del: "text-muted before:absolute before:left-3.5 before:text-diff-del-mark before:content-['−']",
};

/** A line of `Code`. A deleted one is struck without its indentation. */
export function Line({
  change,
  indent = 0,
  children,
}: {
  change?: "add" | "del";
  indent?: number;
  children?: ReactNode;
}) {
  const space = " ".repeat(indent);
  return (
    <span
      className={cn(
        "relative block min-h-5.25 w-max min-w-full px-4 whitespace-pre group-data-diff/code:pl-8",
        change && marks[change],
      )}
    >
      {space}
      {change === "del" ? <s className="decoration-1">{children}</s> : children}
    </span>
  );
}

const tokenColors = {
  plain: "",
  string: "text-code-string",
  key: "text-code-key",
  comment: "text-muted",
};

/** Part of a line, colored by its kind. */
export function CodeToken({
  kind,
  children,
}: {
  kind: keyof typeof tokenColors;
  children?: ReactNode;
}) {
  return kind === "plain" ? children : <span className={tokenColors[kind]}>{children}</span>;
}

export function Str({ children }: { children: ReactNode }) {
  return <span className="text-code-string">{children}</span>;
}

export function Word({ children }: { children: ReactNode }) {
  return <span className="text-code-key">{children}</span>;
}
