import { buttonStyle } from "@/components/ui/button";
import { formatDay, formatTime } from "@/lib/format";
import type { MailboxEntry } from "@/lib/email/mailbox";

/** A mail as its reader sees it: the text, with the URL of a separate line as the button of the HTML body. */
export function Letter({ mail }: { mail: MailboxEntry }) {
  const { subject, to, at, text } = mail;
  return (
    <article className="min-w-0 rounded-lg border border-line">
      <header className="border-b border-line px-4 py-3">
        <h2 className="text-md">{subject}</h2>
        <p className="text-sm text-muted [overflow-wrap:anywhere]">
          To {to}, {formatDay(at)}, {formatTime(at)} UTC
        </p>
      </header>
      <div className="grid max-w-[46ch] justify-items-start gap-4 px-4 pt-6 pb-7 [overflow-wrap:anywhere]">
        {text
          .trim()
          .split(/\n{2,}/)
          .map((paragraph, index) => {
            const action = actionOf(paragraph);
            return action === null ? (
              <p key={index} className="whitespace-pre-wrap">
                {paragraph}
              </p>
            ) : (
              <a key={index} href={action.url} className={buttonStyle({ variant: "primary" })}>
                {action.label}
              </a>
            );
          })}
      </div>
    </article>
  );
}

/** The button of a mail: its label, and below it an address on a separate line. */
function actionOf(text: string): { label: string; url: string } | null {
  const [, label, url] = /^([^\n]+):\n(https?:\/\/\S+)$/.exec(text) ?? [];
  return label === undefined || url === undefined ? null : { label, url };
}
