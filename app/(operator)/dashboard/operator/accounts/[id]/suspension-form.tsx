"use client";

import { useActionState } from "react";
import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { UNSENT_FORM } from "@/components/ui/form-state";
import { Panel } from "@/components/ui/panel";
import { liftAction, suspendAction } from "../../actions";
import { ReasonField } from "./reason-field";

interface Props {
  accountId: string;
  /** The time of the suspension; null when the account is not suspended. */
  since: string | null;
}

/** Suspends an account, or lifts the suspension. */
export function SuspensionForm({ accountId, since }: Props) {
  const [state, send, busy] = useActionState(
    since === null ? suspendAction : liftAction,
    UNSENT_FORM,
  );
  return (
    <ActionForm action={send}>
      <Panel
        title={since === null ? "Suspend" : "Suspended"}
        footer={
          since === null ? (
            <>
              <span>Keys stop working the moment you press Suspend.</span>
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
              ? "Every key is disabled, no new key can be created, automatic top-up stops, and the owner is signed out. Requests in flight finish and are charged. Nothing is deleted."
              : `Since ${since}, UTC. The owner can sign in and read; no key works.`}
          </p>
          <ReasonField state={state} />
        </div>
      </Panel>
    </ActionForm>
  );
}
