"use client";

import { useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog } from "@/components/ui/dialog";
import type { FormState } from "@/components/ui/form-state";
import { SecretBox } from "@/components/ui/secret-box";

export type IssuedSecret = { secret: string; host: string };

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
        <SecretBox
          boxRef={box}
          label="Signing secret"
          prefix="whsec_"
          secret={secret}
          subject="signing secret"
          onCopied={() => setKept(true)}
        />
        <Checkbox checked={isKept} onChange={(event) => setKept(event.target.checked)}>
          I have stored the secret somewhere safe
        </Checkbox>
      </Dialog>
    </>
  );
}
