import { ArrowLeft } from "lucide-react";
import { Link } from "@/components/ui/link";
import type { ReactNode } from "react";

interface Props {
  title: string;
  line?: ReactNode;
  /** Links and buttons, at most one of them primary. */
  action?: ReactNode;
  /** The parent page. */
  back?: { href: string; name: string };
}

/** The head of a dashboard page: title, one line, and at most one primary action. */
export function PageHeader({ title, line, action, back }: Props) {
  return (
    <header className="flex items-start justify-between gap-4 max-md:flex-wrap">
      <div className="min-w-0">
        {back === undefined ? null : (
          <Link
            href={back.href}
            className="mb-1 inline-flex items-center gap-1.5 text-sm text-muted transition-colors hover:text-text"
          >
            <ArrowLeft aria-hidden="true" className="size-4 stroke-[1.75]" />
            {back.name}
          </Link>
        )}
        <h1 className="text-lg font-strong wrap-anywhere">{title}</h1>
        {line === undefined ? null : <p className="mt-0.5 text-muted wrap-anywhere">{line}</p>}
      </div>
      {action === undefined ? null : (
        <div className="flex flex-none flex-wrap items-center gap-2 max-md:max-w-full">
          {action}
        </div>
      )}
    </header>
  );
}
