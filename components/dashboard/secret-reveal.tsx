"use client";

import { useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import type { FormState } from "@/components/ui/form-state";

export type IssuedSecret = { secret: string; host: string };

const PREFIX = "whsec_";

/** Shows the signing secret that an action returned, once; without scripts as text. Closes only after it was copied or kept. */
export function SecretReveal({ state, text }: { state: FormState<IssuedSecret>; text: ReactNode }) {
  const [dismissedSecret, setDismissedSecret] = useState<string | null>(null);
  const [isKept, setKept] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const newSecret = state.result?.secret ?? null;
  const secret = newSecret === dismissedSecret ? null : newSecret;
  const close = () => {
    setKept(false);
    setDismissedSecret(newSecret);
  };
  return (
    <>
      {secret === null ? null : (
        <p className="hidden basis-full rounded-md border border-line-control bg-quiet px-3 py-2.5 text-sm noscript:block">
          Copy the signing secret now. It is shown once:{" "}
          <code className="font-mono break-all">{secret}</code>
        </p>
      )}
      <Dialog
        open={secret !== null}
        onOpenChange={() => {}}
        kind="locked"
        initialFocus={box}
        title={`New signing secret for ${state.result?.host ?? ""}`}
        text={text}
        footerStart={<span className="text-sm text-muted max-md:hidden">Shown once</span>}
        footer={
          <Button variant="primary" disabled={!isKept} onClick={close}>
            Done
          </Button>
        }
      >
        <div
          ref={box}
          tabIndex={-1}
          className="flex items-stretch rounded-md border border-line-control bg-quiet outline-none max-md:flex-col"
        >
          <code
            aria-label="Signing secret"
            className="min-w-0 flex-1 px-3 py-2.5 font-mono text-sm break-all select-all"
          >
            <span className="text-muted">{PREFIX}</span>
            {secret?.slice(PREFIX.length)}
          </code>
          <CopyButton
            text={secret ?? ""}
            subject="signing secret"
            showLabel
            onCopied={() => setKept(true)}
            className="h-auto rounded-l-none rounded-r-[5px] border-0 border-l border-line-control text-text max-md:h-10 max-md:rounded-t-none max-md:rounded-b-[5px] max-md:border-t max-md:border-l-0"
          />
        </div>
        <Checkbox checked={isKept} onChange={(event) => setKept(event.target.checked)}>
          I have stored the secret somewhere safe
        </Checkbox>
      </Dialog>
    </>
  );
}
