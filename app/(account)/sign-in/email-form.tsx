"use client";

import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { requestLinkAction } from "./actions";
import { emptyLinkRequest, type LinkRequest } from "./link-request";
import { LinkSent } from "./sent";

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
  const [linkRequest, setLeft] = useState<LinkRequest | null>(null);
  if (request.sentUntil !== null && linkRequest !== request)
    return (
      <LinkSent
        request={request}
        next={next}
        mailbox={mailbox}
        busy={busy}
        action={ask}
        onOther={() => setLeft(request)}
      />
    );
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
    </form>
  );
}
