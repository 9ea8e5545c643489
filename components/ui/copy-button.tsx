"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "./button";

interface Props {
  text: string;
  /** What is copied: "code", "key". Shown as a word only with `showLabel`. */
  subject: string;
  showLabel?: boolean;
  className?: string;
  onCopied?: () => void;
}

/** Shows "Copied" for two seconds. Hidden without scripts. */
export function CopyButton({ text, subject, showLabel = false, className = "", onCopied }: Props) {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    // When the browser blocks both methods, the text stays selectable.
    if (!(await writeClipboard(text))) return;
    setCopied(true);
    onCopied?.();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button
      variant="ghost"
      size={showLabel ? "md" : "sm"}
      icon={!showLabel}
      onClick={copy}
      aria-label={showLabel ? undefined : isCopied ? "Copied" : `Copy ${subject}`}
      className={`noscript:hidden ${className}`}
    >
      {isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      {showLabel ? (isCopied ? "Copied" : "Copy") : null}
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

/** The fallback for pages on plain http, which have no `navigator.clipboard`. */
function writeByEvent(text: string): boolean {
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", give);
  const isWritten = document.execCommand("copy");
  document.removeEventListener("copy", give);
  return isWritten;
}
