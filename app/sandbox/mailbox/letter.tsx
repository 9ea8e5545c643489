import { buttonStyle } from "@/components/ui/button";
import { formatDay, formatTime } from "@/lib/format";
import type { MailboxEntry } from "@/lib/email/mailbox";

/** A mail as its reader sees it: the text, with the URL of a separate line as the button of the HTML body. */
export function Letter({ mail }: { mail: MailboxEntry }) {
  const { subject, to, at, text, html } = mail;
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
          .map((paragraph, index) =>
            isAddress(paragraph) ? (
              <a key={index} href={paragraph} className={buttonStyle({ variant: "primary" })}>
                {labelOf(html ?? "") ?? "Open the link"}
              </a>
            ) : (
              <p key={index} className="whitespace-pre-line">
                {paragraph}
              </p>
            ),
          )}
      </div>
    </article>
  );
}

function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text);
}

function labelOf(html: string): string | undefined {
  return /<a [^>]*>([^<&]+)<\/a>/.exec(html)?.[1];
}
