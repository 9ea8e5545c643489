interface EmailMessage {
  paragraphs: string[];
  /** Drawn as a button below the first paragraph; its address stands alone on a line of the text. */
  action?: { label: string; url: string };
}

/** A mail's two bodies from the same words: `sendEmail({ to, subject, ...message({ paragraphs }) })`. */
export function message({ paragraphs, action }: EmailMessage): { text: string; html: string } {
  const [first = "", ...rest] = paragraphs;
  const text = [first, ...(action ? [action.url] : []), ...rest].join("\n\n");
  const html = [paragraph(first), ...(action ? [button(action)] : []), ...rest.map(paragraph)].join(
    "\n",
  );
  return { text: `${text}\n`, html: `<div style="${frame}">\n${html}\n</div>\n` };
}

const frame = "font:15px/1.5 system-ui,sans-serif;color:#17211f;max-width:460px";

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function button({ label, url }: { label: string; url: string }): string {
  const style =
    "display:inline-block;padding:10px 16px;border-radius:6px;background:#17211f;color:#fff";
  return `<p><a href="${escapeHtml(url)}" style="${style};text-decoration:none">${escapeHtml(label)}</a></p>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
