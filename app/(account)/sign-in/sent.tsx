"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { Button, buttonStyle } from "@/components/ui/button";
import type { LinkRequest } from "./link-request";

/** A mail that has not come after so long may be asked for again. */
const AGAIN_S = 30;

const inboxes: Record<string, { name: string; url: string }> = {
  "gmail.com": { name: "Gmail", url: "https://mail.google.com/" },
  "googlemail.com": { name: "Gmail", url: "https://mail.google.com/" },
  "outlook.com": { name: "Outlook", url: "https://outlook.live.com/mail/" },
  "hotmail.com": { name: "Outlook", url: "https://outlook.live.com/mail/" },
  "live.com": { name: "Outlook", url: "https://outlook.live.com/mail/" },
  "icloud.com": { name: "iCloud Mail", url: "https://www.icloud.com/mail/" },
  "me.com": { name: "iCloud Mail", url: "https://www.icloud.com/mail/" },
  "yahoo.com": { name: "Yahoo Mail", url: "https://mail.yahoo.com/" },
  "proton.me": { name: "Proton Mail", url: "https://mail.proton.me/" },
};

interface Props {
  request: LinkRequest;
  next: string;
  mailbox: boolean;
  busy: boolean;
  /** Sends the link again. */
  action: (form: FormData) => void;
  onOther: () => void;
}

/** What follows a link that was sent: where to look, and what to do if it does not come. */
export function LinkSent({ request, next, mailbox, busy, action, onOther }: Props) {
  const inbox = inboxes[request.email.split("@").at(-1)?.toLowerCase() ?? ""];
  return (
    <div data-sent="" className="grid gap-5">
      <div className="grid gap-1.5">
        <h1 className="text-xl font-strong">Check your inbox</h1>
        <p role="status" className="text-muted">
          A link is on its way to{" "}
          <b className="font-medium text-text wrap-anywhere">{request.email}</b>. It works once,
          until {request.sentUntil} UTC.
        </p>
      </div>
      {mailbox ? (
        <Link
          href="/sandbox/mailbox"
          className={buttonStyle({ variant: "primary", size: "lg", block: true })}
        >
          Open the mailbox
        </Link>
      ) : inbox ? (
        <a
          href={inbox.url}
          className={buttonStyle({ variant: "primary", size: "lg", block: true })}
        >
          Open {inbox.name}
        </a>
      ) : null}
      <div className="grid gap-2">
        <form action={action}>
          <input type="hidden" name="next" value={next} />
          <input type="hidden" name="email" value={request.email} />
          <SendAgain key={request.sentUntil} busy={busy} />
        </form>
        <Button variant="ghost" size="lg" block onClick={onOther} className="noscript:hidden">
          Use another address
        </Button>
      </div>
      <p className="text-sm text-muted">
        Nothing there after a minute? Look in the spam folder. The address is right as it stands
        above, or the link goes to nobody.
      </p>
    </div>
  );
}

function SendAgain({ busy }: { busy: boolean }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const end = performance.now() + AGAIN_S * 1000;
    const count = () => setSeconds(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Button type="submit" size="lg" block disabled={seconds > 0} busy={busy} busyLabel="Sending">
      {seconds > 0 ? `Send again in ${seconds} s` : "Send again"}
    </Button>
  );
}
