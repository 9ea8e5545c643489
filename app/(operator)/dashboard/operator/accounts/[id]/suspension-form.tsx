"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { lift, suspend } from "../../actions";

interface Props {
  accountId: string;
  /** Since when it is suspended; null when it is not. */
  since: string | null;
}

/** Suspends an account, or lifts that. */
export function SuspensionForm({ accountId, since }: Props) {
  const [{ failed, entered }, send, busy] = useActionState(since === null ? suspend : lift, {});
  return (
    <ActionForm action={send}>
      <Panel
        title={since === null ? "Suspend" : "Suspended"}
        footer={
          since === null ? (
            <>
              <span>Keys are refused from the moment you press Suspend.</span>
              <Button type="submit" variant="danger" busy={busy} busyLabel="Suspending">
                Suspend
              </Button>
            </>
          ) : (
            <>
              <span>Its keys work again from the moment you press Lift.</span>
              <Button type="submit" busy={busy} busyLabel="Lifting">
                Lift
              </Button>
            </>
          )
        }
      >
        <input type="hidden" name="accountId" value={accountId} />
        <div className="grid gap-4">
          <p>
            {since === null
              ? "Every key is put aside, no new one can be made, automatic top-up stops, and its owner is signed out. Requests that are under way end and are charged. Nothing is deleted."
              : `Since ${since}, UTC. Its owner can sign in and read, and no key works.`}
          </p>
          <Field label="Reason" error={failed?.field === "reason" ? failed.message : undefined}>
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
          {failed && failed.field !== "reason" ? (
            <Notice tone="danger" live>
              {failed.message}
            </Notice>
          ) : null}
        </div>
      </Panel>
    </ActionForm>
  );
}
