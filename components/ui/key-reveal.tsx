"use client";

import { useRef, useState } from "react";
import { Button } from "./button";
import { Checkbox } from "./checkbox";
import { CopyButton } from "./copy-button";
import { Dialog } from "./dialog";

interface Props {
  /** The whole key, or null when there is none to show. It lives in memory until Done. */
  secret: string | null;
  project: string;
  onDone: () => void;
}

/** Shows a key once. It cannot be left before the key was copied or its loss acknowledged. */
export function KeyReveal({ secret, project, onDone }: Props) {
  const [kept, setKept] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const prefix = "sk-onekey-";
  const done = () => {
    setKept(false);
    onDone();
  };
  return (
    <Dialog
      open={secret !== null}
      onOpenChange={() => {}}
      kind="locked"
      initialFocus={box}
      title={`The key of ${project}`}
      text="You will not see it again. OneKey keeps a digest of it, from which it cannot be read back."
      footerStart={
        <Checkbox checked={kept} onChange={(event) => setKept(event.target.checked)}>
          I have stored this key
        </Checkbox>
      }
      footer={
        <Button variant="primary" disabled={!kept} onClick={done}>
          Done
        </Button>
      }
    >
      <div
        ref={box}
        tabIndex={-1}
        className="flex items-stretch rounded-md border border-line-control bg-quiet outline-none max-md:flex-col"
      >
        <code className="min-w-0 flex-1 px-3 py-2.5 font-mono text-sm break-all select-all">
          <span className="text-muted">{prefix}</span>
          {secret?.slice(prefix.length)}
        </code>
        <CopyButton
          text={secret ?? ""}
          what="key"
          labelled
          onCopied={() => setKept(true)}
          className="h-auto rounded-l-none rounded-r-[5px] border-0 border-l border-line-control text-text max-md:h-10 max-md:rounded-t-none max-md:rounded-b-[5px] max-md:border-t max-md:border-l-0"
        />
      </div>
    </Dialog>
  );
}
