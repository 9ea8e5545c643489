"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { writeClipboard } from "@/components/ui/copy-button";

/** Copies the Markdown of a page, to paste into a model's prompt. */
export function CopyPage({ href }: { href: string }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const copy = async () => {
    const response = await fetch(href).catch(() => null);
    const isCopied = response?.ok === true && (await writeClipboard(await response.text()));
    setState(isCopied ? "copied" : "failed");
    setTimeout(() => setState("idle"), 2000);
  };
  return (
    <button
      type="button"
      onClick={copy}
      className="inline-flex items-center gap-1.5 transition-colors hover:text-text noscript:hidden"
    >
      {state === "copied" ? (
        <Check aria-hidden="true" className="size-3.5" />
      ) : (
        <Copy aria-hidden="true" className="size-3.5" />
      )}
      <span aria-live="polite">
        {state === "copied" ? "Copied" : state === "failed" ? "Could not copy" : "Copy for a model"}
      </span>
    </button>
  );
}
