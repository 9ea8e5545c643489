import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { PageHeader } from "@/components/dashboard/page-header";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { cn } from "@/lib/cn";
import { hasMailbox, listMail, type MailboxEntry } from "@/lib/email/mailbox";
import { formatDay, formatTime } from "@/lib/format";
import { emptyMailboxAction } from "./actions";
import { Letter } from "./letter";

export const metadata: Metadata = { title: "Mailbox", robots: { index: false } };

export default async function MailboxPage({ searchParams }: PageProps<"/sandbox/mailbox">) {
  if (!hasMailbox()) notFound();
  const [mails, { mail: mailId }] = await Promise.all([listMail(), searchParams]);
  const open = mails.find(({ id }) => id === mailId) ?? mails[0];
  return (
    <main
      id="main"
      className="mx-auto grid w-full max-w-[1040px] content-start gap-7 px-8 py-8 max-md:px-4"
    >
      <PageHeader
        title="Mailbox"
        line={
          <>
            In the sandbox no mail leaves this machine. This page shows the mails that would have
            been sent.{" "}
            <Link href="/dashboard" prefetch={false} className="link">
              Back to the dashboard
            </Link>
          </>
        }
        action={
          <form action={emptyMailboxAction}>
            <Button type="submit" disabled={mails.length === 0}>
              Empty mailbox
            </Button>
          </form>
        }
      />
      {open === undefined ? (
        <Empty title="No mail yet">
          Sign-in links, receipts and alerts arrive here as soon as OneKey sends them.{" "}
          <Link href="/sign-in" className="link">
            Ask for a sign-in link
          </Link>
        </Empty>
      ) : (
        <div className="grid grid-cols-[320px_minmax(0,1fr)] items-start gap-7 max-lg:grid-cols-[minmax(0,1fr)]">
          <MailList mails={mails} open={open} />
          <Letter mail={open} />
        </div>
      )}
    </main>
  );
}

function MailList({ mails, open }: { mails: MailboxEntry[]; open: MailboxEntry }) {
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line">
      {mails.map(({ id, subject, to, at }) => (
        <li key={id}>
          <Link
            href={`/sandbox/mailbox?mail=${id}`}
            aria-current={id === open.id ? "true" : undefined}
            className={cn(
              "grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-2.5 hover:bg-quiet focus-visible:-outline-offset-2",
              id === open.id && "bg-hover hover:bg-hover",
            )}
          >
            <span className="truncate font-medium">{subject}</span>
            <span className="text-sm text-muted tabular-nums">{mailTime(at)}</span>
            <span className="truncate text-sm text-muted">{to}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The time of a mail from today, or the date of an older one. */
function mailTime(at: Date): string {
  const day = formatDay(at);
  return day === formatDay(new Date()) ? formatTime(at) : day;
}
