import { layout, type EmailFact, type MailParts, type EmailMessage } from "./layout";

export type { EmailMessage };

const COLUMNS = 72;

/** The two parts of a mail: `sendEmail({ to, subject, ...message({ … }) })`. */
export function message(input: EmailMessage): MailParts {
  return { text: textOf(input), html: layout(input) };
}

function textOf({
  heading,
  paragraphs,
  facts = [],
  action,
  isActionFirst = false,
  notes = [],
  reason,
}: EmailMessage): string {
  const table = facts.length > 0 ? [factLines(facts)] : [];
  const actionLines = action ? [`${action.label}:\n${action.url}`] : [];
  const blocks = [
    heading,
    ...paragraphs.map(wrapped),
    ...(isActionFirst ? [...actionLines, ...table] : [...table, ...actionLines]),
    ...notes.map(wrapped),
    wrapped(reason),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Lines of at most 72 columns; a word that is longer, such as an address, stays in one piece. */
function wrapped(paragraph: string): string {
  const lines = [""];
  for (const word of paragraph.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + 1 + word.length > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join("\n");
}

/** Names at the left, values at the right of one column. */
function factLines(facts: EmailFact[]): string {
  const name = Math.max(...facts.map((fact) => fact.name.length));
  const value = Math.max(...facts.map((fact) => fact.value.length));
  return facts
    .map((fact) => `${fact.name.padEnd(name + 3)}${fact.value.padStart(value)}`)
    .join("\n");
}
