"use client";

import { useState, type ReactNode } from "react";
import { KeyReveal } from "@/components/ui/key-reveal";
import type { FormState } from "@/components/ui/form-state";
import { useArrival } from "./arrival";
import { ArrivalStatus } from "./arrival-status";
import { RevealedCommands, type FirstUse } from "./first-commands";

export type NewSecret = {
  secret: string;
  name: string;
  /** For a key that was never used: shown with commands, until its first request has arrived. */
  first?: FirstUse;
};

interface Props {
  state: FormState<NewSecret>;
  baseUrl: string;
  variables?: { url: string; key: string };
  former?: ReactNode;
  onDone?: () => void;
}

/** The complete secret that an action returned, shown once; without scripts as text. A new key has commands that hold it. */
export function NewKey({ state, baseUrl, variables, former, onDone }: Props) {
  const [dismissedSecret, setDismissedSecret] = useState<string | null>(null);
  const newSecret = state.result?.secret ?? null;
  const secret = newSecret === dismissedSecret ? null : newSecret;
  const first = secret === null ? undefined : state.result?.first;
  const arrival = useArrival(first?.at ?? null, first?.projectId ?? "", first?.keyId);
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
        {...(first && secret !== null
          ? {
              commands: <RevealedCommands {...first} secret={secret} />,
              status: <ArrivalStatus arrival={arrival} />,
              isInUse: arrival !== null && !arrival.failed,
            }
          : {})}
        onDone={() => {
          setDismissedSecret(secret);
          onDone?.();
        }}
      />
    </>
  );
}
