import Link from "next/link";
import { buttonStyle } from "@/components/ui/button";

interface Props {
  title: string;
  /** What else may be the reason. */
  reason?: string | undefined;
  /** Pages that were probably meant. */
  nearest?: { name: string; href: string }[];
}

/** A public 404: what is not there, what was probably meant, and where to look. */
export function PublicNotFound({ title, reason, nearest = [] }: Props) {
  return (
    <div className="wrap grid min-h-[60vh] content-center justify-items-start gap-4 py-18">
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="text-2xl font-strong">{title}</h1>
      {nearest.length === 0 ? (
        <p className="max-w-prose text-muted">
          {reason ?? "The address may be mistyped, or the page has moved."}
        </p>
      ) : (
        <p className="max-w-prose text-muted">
          Did you mean{" "}
          {nearest.map(({ name, href }, index) => (
            <span key={href}>
              {index === 0 ? null : index === nearest.length - 1 ? " or " : ", "}
              <Link href={href} className="link">
                {name}
              </Link>
            </span>
          ))}
          ?
        </p>
      )}
      <p className="mt-2 flex flex-wrap gap-2.5">
        {reason === undefined ? null : (
          <Link href="/dashboard" className={buttonStyle({ variant: "secondary" })}>
            Your dashboard
          </Link>
        )}
        <Link href="/models" className={buttonStyle({ variant: "primary" })}>
          Models
        </Link>
        <Link href="/docs" className={buttonStyle({ variant: "secondary" })}>
          Docs
        </Link>
        <Link href="/" className={buttonStyle({ variant: "secondary" })}>
          Home
        </Link>
        <button
          type="button"
          data-open-palette=""
          className={buttonStyle({ variant: "ghost", className: "noscript:hidden" })}
        >
          Search
        </button>
      </p>
    </div>
  );
}
