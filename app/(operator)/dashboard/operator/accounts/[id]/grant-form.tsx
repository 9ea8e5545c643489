"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Panel } from "@/components/ui/panel";
import { formatUsd } from "@/lib/format";
import { grantAction } from "../../actions";
import { ReasonField } from "./reason-field";

interface Props {
  accountId: string;
  email: string;
  /** Identifies this grant; the page has a new one after each grant. */
  grantId: string;
}

export function GrantForm({ accountId, email, grantId }: Props) {
  const [state, send, busy] = useActionState(grantAction, UNSENT_FORM);
  const { result, errors, entered: input } = state;
  return (
    <ActionForm key={grantId} action={send}>
      <Panel
        title="Grant credits"
        footer={
          <>
            <span role="status">
              {result
                ? `Granted ${formatUsd(result.amount)} to ${email}.`
                : "They can be used immediately. Submitting the form twice grants once."}
            </span>
            <Button type="submit" variant="primary" busy={busy} busyLabel="Granting">
              Grant
            </Button>
          </>
        }
      >
        <input type="hidden" name="grant" value={grantId} />
        <input type="hidden" name="accountId" value={accountId} />
        <div className="grid gap-4">
          <div className="w-50 max-md:w-full">
            <Field label="Amount" error={errors.amount}>
              {(control) => (
                <Input
                  {...control}
                  name="amount"
                  inputMode="decimal"
                  before="$"
                  maxLength={20}
                  autoComplete="off"
                  defaultValue={String(input?.amount ?? "")}
                />
              )}
            </Field>
          </div>
          <ReasonField state={state} help="The owner sees it on the credits page." />
        </div>
      </Panel>
    </ActionForm>
  );
}
