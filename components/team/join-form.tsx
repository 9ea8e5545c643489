"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { firstError, UNSENT_FORM, type FormAction } from "@/components/ui/form-state";
import { Notice } from "@/components/ui/notice";

/** Accepts or declines an invitation: each by one press, and only one of them counts. */
export function JoinForm({
  token,
  teamName,
  join,
  decline,
}: {
  token: string;
  teamName: string;
  join: FormAction;
  decline: FormAction;
}) {
  const [joined, sendJoin, isJoining] = useActionState(join, UNSENT_FORM);
  const [declined, sendDecline, isDeclining] = useActionState(decline, UNSENT_FORM);
  const error = firstError(joined) ?? firstError(declined);
  return (
    <div className="grid gap-2">
      {error === null ? null : (
        <Notice tone="danger" live>
          {error}
        </Notice>
      )}
      <form action={sendJoin}>
        <input type="hidden" name="token" value={token} />
        <Button
          type="submit"
          variant="primary"
          size="lg"
          block
          disabled={isDeclining}
          busy={isJoining}
          busyLabel="Joining"
          className="h-auto! min-h-control-lg py-2 wrap-anywhere whitespace-normal!"
        >
          Join {teamName}
        </Button>
      </form>
      <form action={sendDecline}>
        <input type="hidden" name="token" value={token} />
        <Button
          type="submit"
          variant="ghost"
          size="lg"
          block
          disabled={isJoining}
          busy={isDeclining}
          busyLabel="Declining"
        >
          Decline
        </Button>
      </form>
    </div>
  );
}
