import Link from "next/link";

interface Props {
  file: string;
  href: string;
  quiet?: boolean;
}

/** The path of a file of the source, as a link to it. */
export function SourceLink({ file, href, quiet = false }: Props) {
  return (
    <Link
      href={href}
      prefetch={false}
      className={`font-mono text-sm underline decoration-line-strong decoration-1 underline-offset-3 wrap-anywhere hover:decoration-current ${quiet ? "text-muted" : ""}`}
    >
      {file}
    </Link>
  );
}
