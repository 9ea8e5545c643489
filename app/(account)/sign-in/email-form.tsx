"use client";

import Link from "next/link";
import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { requestLinkAction } from "./actions";
import { emptyLinkRequest } from "./link-request";

/** Requests a sign-in link by email. Works without scripts. */
export function EmailForm({
  next,
  mailbox,
  primary,
}: {
  next: string;
  mailbox: boolean;
  primary: boolean;
}) {
  const [request, ask, busy] = useActionState(requestLinkAction, emptyLinkRequest);
  return (
    <form action={ask} noValidate className="grid gap-5">
      <input type="hidden" name="next" value={next} />
      <Field
        label="Email"
        help="We send a link that works once, for 15 minutes."
        error={request.error}
      >
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            inputMode="email"
            autoComplete="email"
            placeholder="you@example.com"
            defaultValue={request.email}
            key={request.email}
            className="h-control-lg"
          />
        )}
      </Field>
      <Button
        type="submit"
        variant={primary ? "primary" : "secondary"}
        size="lg"
        block
        busy={busy}
        busyLabel="Sending"
      >
        Email me a link
      </Button>
      {request.sentUntil === null ? null : (
        <Notice live>
          A link is on its way to <b className="font-medium">{request.email}</b>. It works once,
          until {request.sentUntil} UTC.
          {mailbox ? (
            <>
              {" "}
              <Link href="/sandbox/mailbox" className="link">
                Open the mailbox
              </Link>
            </>
          ) : null}
        </Notice>
      )}
    </form>
  );
}
