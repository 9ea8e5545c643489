"use client";

import { useActionState, useState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { saveAlertAction } from "./actions";

interface Props {
  email: string;
  /** In dollars, such as "5.00"; null when there is no alert. */
  threshold: string | null;
  /** Whether the balance is below the threshold now. */
  below: boolean;
  /** Whether this server can send mail. */
  mail: boolean;
}

export function AlertForm({ email, threshold, below, mail }: Props) {
  const [state, save, busy] = useActionState(saveAlertAction, UNSENT_FORM);
  const [on, setOn] = useState(threshold !== null);
  return (
    <ActionForm action={save}>
      <Panel
        title="Low balance"
        footer={
          <>
            <span role="status">
              {state.result?.notice ??
                "One email each time the balance falls below the amount. Requests continue."}
            </span>
            <Button type="submit" busy={busy} busyLabel="Saving">
              Save
            </Button>
          </>
        }
      >
        <div className="grid justify-items-start gap-4">
          {mail ? null : (
            <Notice tone="warning">
              This server is not set up to send email, so no alert is sent.
            </Notice>
          )}
          <Checkbox name="on" checked={on} onChange={(event) => setOn(event.target.checked)}>
            Email {email} when the balance is low
          </Checkbox>
          <div className="w-50 max-md:w-full">
            <Field
              label="Amount"
              error={state.errors.threshold ?? state.errors.form}
              help={
                threshold !== null && below ? "The balance is below this amount now." : undefined
              }
            >
              {(control) => (
                <Input
                  {...control}
                  name="threshold"
                  inputMode="decimal"
                  before="$"
                  maxLength={20}
                  defaultValue={threshold ?? "5.00"}
                  readOnly={!on}
                  className="read-only:bg-quiet read-only:text-muted"
                />
              )}
            </Field>
          </div>
        </div>
      </Panel>
    </ActionForm>
  );
}
