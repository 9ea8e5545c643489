"use client";

import { CircleCheck } from "lucide-react";
import { useEffect } from "react";

/** Says that a form was saved, on the page that it leads to. The address loses the word, so that a reload does not repeat it. */
export function SavedNotice({ children }: { children: string }) {
  useEffect(() => {
    const url = new URL(window.location.href);
    url.searchParams.delete("saved");
    // Without a state the router takes the address over; else it would put its former one back with its next change.
    window.history.replaceState(null, "", url);
  }, []);
  return (
    <p
      role="status"
      className="flex items-center gap-2.5 rounded-md border border-line bg-quiet px-3 py-2.5 text-sm"
    >
      <CircleCheck aria-hidden="true" className="size-4 text-success stroke-[1.75]" />
      {children}
    </p>
  );
}
