"use client";

import { useEffect, useState } from "react";
import { writeClipboard } from "./copy-button";

const SHOWN_MS = 2_000;

/** Copies what stands in `data-copy` of the button that is pressed: one listener for a table of many. */
export function CopyOnClick() {
  const [announcement, setSaid] = useState("");
  useEffect(() => {
    const copy = async (event: MouseEvent) => {
      const button =
        event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
      const text = button?.dataset.copy;
      if (!button || text === undefined || !(await writeClipboard(text))) return;
      button.dataset.copied = "";
      setSaid(`Copied ${text}`);
      setTimeout(() => {
        delete button.dataset.copied;
        setSaid("");
      }, SHOWN_MS);
    };
    const listen = (event: MouseEvent) => void copy(event);
    document.addEventListener("click", listen);
    return () => document.removeEventListener("click", listen);
  }, []);
  return (
    <span role="status" className="sr-only">
      {announcement}
    </span>
  );
}
