"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { Input } from "@/components/ui/input";
import { Panel } from "@/components/ui/panel";
import { renameTeamAction } from "./actions";

/** The name and the id of a team. Without the right to change it, it is read only. */
export function TeamForm({
  name,
  accountId,
  canManage,
}: {
  name: string;
  accountId: string;
  canManage: boolean;
}) {
  const [state, save, isPending] = useActionState(renameTeamAction, UNSENT_FORM);
  return (
    <ActionForm action={save}>
      <Panel
        title="Team"
        footer={
          <>
            <span role="status">{state.result?.notice}</span>
            {canManage ? (
              <Button type="submit" busy={isPending} busyLabel="Saving">
                Save
              </Button>
            ) : null}
          </>
        }
      >
        <div className="grid gap-4 md:grid-cols-2">
          <Field
            label="Team name"
            help="Shown in the switcher and in invitations."
            error={state.errors.name ?? state.errors.form}
          >
            {(control) => (
              <Input
                {...control}
                name="name"
                defaultValue={name}
                maxLength={200}
                autoComplete="off"
                disabled={!canManage}
              />
            )}
          </Field>
          <Field label="Account id" help="In the addresses of the team’s pages.">
            {(control) => (
              <Input
                {...control}
                value={accountId}
                readOnly
                disabled
                className="font-mono text-sm"
              />
            )}
          </Field>
        </div>
      </Panel>
    </ActionForm>
  );
}
