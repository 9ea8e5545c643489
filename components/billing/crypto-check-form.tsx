"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { firstError, UNSENT_FORM } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import type { AcceptedChain, CryptoActions } from "./crypto-types";

/** Checks a transfer that was sent from another program, by its hash. */
export function CryptoCheckForm({
  chains,
  check,
}: {
  chains: AcceptedChain[];
  check: CryptoActions["check"];
}) {
  const [state, action, busy] = useActionState(check, UNSENT_FORM);
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted hover:text-text">
        Already sent? Check a transaction
      </summary>
      <form action={action} className="mt-3 grid gap-3">
        <Field
          label="Transaction hash"
          help="A transfer from a linked wallet is detected automatically within a minute."
          error={firstError(state)}
        >
          {(control) => (
            <Input
              {...control}
              name="hash"
              required
              autoComplete="off"
              spellCheck={false}
              placeholder="0x…"
            />
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          <NativeSelect
            label="Chain"
            name="chain"
            value={chains[0]?.name ?? "base"}
            options={chains.map(({ name, label }) => ({ value: name, label }))}
            className="flex-1"
          />
          <Button type="submit" busy={busy} busyLabel="Checking">
            Check transaction
          </Button>
        </div>
      </form>
    </details>
  );
}
