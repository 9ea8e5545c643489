import { Check, Copy } from "lucide-react";

/** A small button that copies an id. It needs one `CopyOnClick` on the page. */
export function CopyId({ id }: { id: string }) {
  return (
    <button
      type="button"
      data-copy={id}
      aria-label={`Copy ${id}`}
      className="group ml-1 inline-grid size-6 place-items-center rounded-sm align-middle text-muted hover:bg-hover hover:text-text noscript:hidden"
    >
      <Copy aria-hidden="true" className="size-3.5 group-data-copied:hidden" />
      <Check aria-hidden="true" className="size-3.5 not-group-data-copied:hidden" />
    </button>
  );
}
