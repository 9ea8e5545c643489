"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import type { PaletteEntry } from "./entries";

const Palette = dynamic(() => import("./palette").then((module) => module.Palette), { ssr: false });

/**
 * Opens the command palette by Ctrl K, by / and by any element with `data-open-palette`. The palette and the index load when it
 * first opens. `places` are listed first: the pages of the site, and in the dashboard those of the account.
 */
export function PaletteLauncher({ places }: { places: PaletteEntry[] }) {
  const [open, setOpen] = useState(false);
  const [isUsed, setUsed] = useState(false);
  const [query, setQuery] = useState("");
  useEffect(() => {
    const show = () => {
      setUsed(true);
      setOpen(true);
    };
    const onKey = (event: KeyboardEvent) => {
      // While the palette loads, its field does not have the focus yet.
      if (open && isText(event) && !isInDialog(event) && !isTyping(event)) {
        event.preventDefault();
        setQuery((text) => text + event.key);
        return;
      }
      const byCtrlK = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      const bySlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !isTyping(event);
      if (!byCtrlK && !bySlash) return;
      event.preventDefault();
      show();
    };
    const onClick = (event: MouseEvent) => {
      if (event.target instanceof Element && event.target.closest("[data-open-palette]")) show();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("click", onClick);
    };
  }, [open]);
  const onOpenChange = (next: boolean) => {
    setOpen(next);
    if (!next) setQuery("");
  };
  return isUsed ? <Palette {...{ open, onOpenChange, query, setQuery, places }} /> : null;
}

/** Whether a key goes into a field, where / is a character. */
function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const isText = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  key.length === 1 && !ctrlKey && !metaKey && !altKey;

const isInDialog = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest("[role=dialog]") !== null;
