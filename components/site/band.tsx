import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface Props {
  id?: string;
  title: string;
  /** What stands under the title, in the label column. */
  notes: ReactNode[];
  /** The one inverted band of a page. */
  ink?: boolean;
  children: ReactNode;
}

/** A section of a public page: a label column and a content column. */
export function Band({ id, title, notes, ink = false, children }: Props) {
  return (
    <section
      id={id}
      className={cn(
        "py-16 max-md:py-11",
        ink ? "bg-band" : "border-t border-line [.bg-band+&]:border-t-0",
      )}
    >
      <div
        className={cn(
          "wrap grid grid-cols-[minmax(0,3fr)_minmax(0,9fr)] gap-x-10 gap-y-6 max-lg:grid-cols-[minmax(0,1fr)]",
          ink && "dark-scheme [&_:is(td,th)]:border-line-on-ink!",
        )}
      >
        <div>
          <h2 className="text-xl font-strong">{title}</h2>
          {notes.map((note, index) => (
            <p key={index} className="mt-3 text-base text-muted">
              {note}
            </p>
          ))}
        </div>
        {children}
      </div>
    </section>
  );
}
