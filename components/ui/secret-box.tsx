import type { RefObject } from "react";
import { CopyButton } from "./copy-button";

interface Props {
  /** Receives the focus when the dialog around it opens. */
  boxRef: RefObject<HTMLDivElement | null>;
  /** Names the value for screen readers: "API key". */
  label: string;
  /** What every secret of this kind begins with. */
  prefix: string;
  secret: string | null;
  /** What the button copies: "key". */
  subject: string;
  onCopied: () => void;
}

/** A secret that is shown once, with a button that copies it. */
export function SecretBox({ boxRef, label, prefix, secret, subject, onCopied }: Props) {
  return (
    <div
      ref={boxRef}
      tabIndex={-1}
      className="flex items-stretch rounded-md border border-line-control bg-quiet outline-none max-md:flex-col"
    >
      <code
        aria-label={label}
        className="min-w-0 flex-1 px-3 py-2.5 font-mono text-sm break-all select-all"
      >
        <span className="text-muted">{prefix}</span>
        {secret?.slice(prefix.length)}
      </code>
      <CopyButton
        text={secret ?? ""}
        subject={subject}
        showLabel
        onCopied={onCopied}
        className="h-auto rounded-l-none rounded-r-[5px] border-0 border-l border-line-control text-text max-md:h-10 max-md:rounded-t-none max-md:rounded-b-[5px] max-md:border-t max-md:border-l-0"
      />
    </div>
  );
}
