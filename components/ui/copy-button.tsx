"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "./button";

interface Props {
  text: string;
  /** What is copied: "code", "key". Shown as a word only with `labelled`. */
  what: string;
  labelled?: boolean;
  className?: string;
  onCopied?: () => void;
}

/** Turns to "Copied" for two seconds. Needs scripts, so it is not there without them. */
export function CopyButton({ text, what, labelled = false, className = "", onCopied }: Props) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    // Where the browser refuses both ways, the text stays selectable.
    if (!(await writeClipboard(text))) return;
    setCopied(true);
    onCopied?.();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button
      variant="ghost"
      size={labelled ? "md" : "sm"}
      icon={!labelled}
      onClick={copy}
      aria-label={labelled ? undefined : copied ? "Copied" : `Copy ${what}`}
      className={`noscript:hidden ${className}`}
    >
      {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      {labelled ? (copied ? "Copied" : "Copy") : null}
    </Button>
  );
}

export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeByEvent(text);
  }
}

/** The older way: a page on plain http, such as that of a server at home, has no `navigator.clipboard`. */
function writeByEvent(text: string): boolean {
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", give);
  const written = document.execCommand("copy");
  document.removeEventListener("copy", give);
  return written;
}
