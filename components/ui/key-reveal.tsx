"use client";

import { useRef, useState, type ReactNode } from "react";
import { Button } from "./button";
import { Checkbox } from "./checkbox";
import { CopyButton } from "./copy-button";
import { Dialog } from "./dialog";
import { Notice } from "./notice";
import { SecretBox } from "./secret-box";

interface Props {
  /** The complete key, or null when there is none to show. It is kept in memory until Done. */
  secret: string | null;
  /** The name of the key. */
  name: string;
  /** What becomes of the secret that this one replaces. */
  former?: ReactNode;
  /** The address that clients set, for a copy that can be pasted into a shell. */
  baseUrl: string;
  /** The variables of that copy: those of OpenAI's clients by default. */
  variables?: { url: string; key: string };
  /** Complete commands that hold the key, in the place of the lines for a shell. */
  commands?: ReactNode;
  /** What happens meanwhile, at the left of the footer. */
  status?: ReactNode;
  /** Whether the key is known to be stored: a request was sent with it. */
  isInUse?: boolean;
  onDone: () => void;
}

const OPENAI = { url: "OPENAI_BASE_URL", key: "OPENAI_API_KEY" };

/** Shows a key once. The dialog closes only after the key was copied or the checkbox is checked. */
export function KeyReveal({
  secret,
  name,
  former,
  baseUrl,
  variables = OPENAI,
  commands,
  status,
  isInUse = false,
  onDone,
}: Props) {
  const [isKept, setKept] = useState(false);
  const isSaved = isKept || isInUse;
  const box = useRef<HTMLDivElement>(null);
  const close = () => {
    setKept(false);
    onDone();
  };
  return (
    <Dialog
      open={secret !== null}
      onOpenChange={() => {}}
      kind="locked"
      // A command with the key in it fits on a line.
      className="max-w-184"
      initialFocus={box}
      title={`New key: ${name}`}
      text="Copy it now. OneKey stores only a digest, so it cannot be shown again. If you lose it, rotate it."
      footerStart={status ?? <span className="text-sm text-muted max-md:hidden">Shown once</span>}
      footer={
        <Button variant="primary" disabled={!isSaved} onClick={close}>
          Done
        </Button>
      }
    >
      <SecretBox
        boxRef={box}
        label="API key"
        prefix="sk-onekey-"
        secret={secret}
        subject="key"
        onCopied={() => setKept(true)}
      />
      {commands ?? (
        <div className="flex flex-wrap items-center justify-between gap-x-3 text-sm text-muted">
          <span>As two lines for a shell, with the base URL</span>
          <CopyButton
            text={`export ${variables.url}="${baseUrl}"\nexport ${variables.key}="${secret ?? ""}"`}
            subject="lines for a shell"
            onCopied={() => setKept(true)}
          />
        </div>
      )}
      {former === undefined ? null : <Notice tone="warning">{former}</Notice>}
      <Checkbox checked={isSaved} onChange={(event) => setKept(event.target.checked)}>
        I have stored the key somewhere safe
      </Checkbox>
    </Dialog>
  );
}
