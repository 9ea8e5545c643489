"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { formatUsd } from "@/lib/format";
import { grant } from "../../actions";

interface Props {
  accountId: string;
  email: string;
  /** Of this one grant; another comes with the page once it was made. */
  grantId: string;
}

export function GrantForm({ accountId, email, grantId }: Props) {
  const [{ done, failed, entered }, send, busy] = useActionState(grant, {});
  const errorOf = (name: string) => (failed?.field === name ? failed.message : undefined);
  return (
    <ActionForm key={grantId} action={send}>
      <Panel
        title="Grant credits"
        footer={
          <>
            <span role="status">
              {done
                ? `Granted ${formatUsd(done.amount)} to ${email}.`
                : "They can be used at once. A form that is sent twice grants once."}
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
            <Field label="Amount" error={errorOf("amount")}>
              {(control) => (
                <Input
                  {...control}
                  name="amount"
                  inputMode="decimal"
                  before="$"
                  maxLength={20}
                  autoComplete="off"
                  defaultValue={String(entered?.amount ?? "")}
                />
              )}
            </Field>
          </div>
          <Field
            label="Reason"
            help="The owner reads it on the credits page."
            error={errorOf("reason")}
          >
            {(control) => (
              <Input
                {...control}
                name="reason"
                maxLength={250}
                autoComplete="off"
                defaultValue={String(entered?.reason ?? "")}
              />
            )}
          </Field>
          {failed && failed.field !== "amount" && failed.field !== "reason" ? (
            <Notice tone="danger" live>
              {failed.message}
            </Notice>
          ) : null}
        </div>
      </Panel>
    </ActionForm>
  );
}
