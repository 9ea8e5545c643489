"use client";

import { useState, type ReactNode } from "react";
import { KeyReveal } from "@/components/ui/key-reveal";
import type { FormState } from "@/components/ui/form-state";

export type NewSecret = { secret: string; name: string };

interface Props {
  state: FormState<NewSecret>;
  baseUrl: string;
  variables?: { url: string; key: string };
  former?: ReactNode;
  onDone?: () => void;
}

/** The complete secret that an action returned, shown once; without scripts as text. */
export function NewKey({ state, baseUrl, variables, former, onDone }: Props) {
  const [dismissedSecret, setDismissedSecret] = useState<string | null>(null);
  const newSecret = state.result?.secret ?? null;
  const secret = newSecret === dismissedSecret ? null : newSecret;
  return (
    <>
      {secret === null ? null : (
        <p className="hidden basis-full rounded-md border border-line-control bg-quiet px-3 py-2.5 text-sm noscript:block">
          Copy the new key now. It is shown once:{" "}
          <code className="font-mono break-all">{secret}</code>
        </p>
      )}
      <KeyReveal
        secret={secret}
        name={state.result?.name ?? ""}
        former={former}
        baseUrl={baseUrl}
        {...(variables ? { variables } : {})}
        onDone={() => {
          setDismissedSecret(secret);
          onDone?.();
        }}
      />
    </>
  );
}
