export type EmailFact = { name: string; value: string; strong?: boolean };
export type MailParts = { text: string; html: string };

/** What a mail says. Both of its parts are made of the same words. */
export interface EmailMessage {
  /** The first line of the mail, and its title. */
  heading: string;
  /** The team that the mail is about, next to the mark. */
  team?: string;
  /** What happened, one sentence a paragraph or a few. */
  paragraphs: string[];
  /** The used part of a limit in percent, as a bar; the facts say it in figures. */
  usedPercent?: number;
  /** Facts in a table: name and value. A strong one is the sum of those before it. */
  facts?: EmailFact[];
  /** At most one button. In the text its address has a separate line. */
  action?: { label: string; url: string };
  /** Whether the button is above the facts. */
  isActionFirst?: boolean;
  /** Below the button: what may be done instead, how long something holds. */
  notes?: string[];
  /** Why the reader gets this mail. */
  reason: string;
}

/** The tokens of the pages as mail programs know colors. Light stands inline; dark is added by the style element. */
const light = {
  page: "#f6f9f9",
  card: "#ffffff",
  line: "#e1e5e5",
  strong: "#c3caca",
  text: "#131b1e",
  muted: "#586266",
  accent: "#0a6574",
  ink: "#172227",
  onInk: "#ffffff",
  used: "#88550e",
  rest: "#edf2f3",
};

const dark = `
.page{background-color:#121618!important}
.card{background-color:#0d1011!important}
.line{border-color:#252a2c!important}
.strong{border-color:#3a4144!important}
.t{color:#edf1f1!important}
.m{color:#9fa8aa!important}
.a{color:#7bc9d2!important}
.ink{background-color:#edf1f1!important}
.on{color:#0d1011!important}
.used{background-color:#edc06b!important}
.rest{background-color:#1b2123!important}`;

/** Rules for dark mode (Outlook marks it by data-ogsc) and for phones. A program that drops them shows the light mail. */
const style = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
a:focus-visible{outline:2px solid #0a8091;outline-offset:2px}
@media (max-width:599px){.pad{padding:24px 20px!important}.outer{padding:0!important}.card{border-width:0 0 1px!important;border-radius:0!important}}
@media (prefers-color-scheme:dark){${dark}}
${dark.trim().replace(/^/gm, "[data-ogsc] ")}`;

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const font = (size: string, weight = 400) => `font:${weight} ${size} ${FONT}`;
const TABLE = `role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"`;

/**
 * The one layout of all mail: mark, heading, text, facts, at most one button, and the reason for the mail. Tables and inline
 * styles, because that is what mail programs draw alike. No image, no font, nothing that says it was opened.
 */
export function layout({
  heading,
  team,
  paragraphs,
  usedPercent,
  facts = [],
  action,
  isActionFirst = false,
  notes = [],
  reason,
}: EmailMessage): string {
  const table = facts.length > 0 ? [factTable(facts)] : [];
  const actionRow = action ? [button(action)] : [];
  const rows = [
    mark(team),
    row(
      `<h1 class="t" style="margin:0;color:${light.text};${font("22px/29px", 600)};letter-spacing:-0.3px">${escapeHtml(heading)}</h1>`,
      "0 0 2px",
    ),
    ...paragraphs.map((text) => paragraph(text)),
    ...(usedPercent === undefined ? [] : [bar(usedPercent)]),
    ...(isActionFirst ? [...actionRow, ...table] : [...table, ...actionRow]),
    ...notes.map((text) => paragraph(text, true)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escapeHtml(heading)}</title>
<style>${style}</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:${light.page};-webkit-text-size-adjust:100%">
<div role="main">
<table ${TABLE} class="page" bgcolor="${light.page}" style="background-color:${light.page}"><tr><td class="outer" align="center" style="padding:40px 16px 12px">
<table ${TABLE} class="card line" bgcolor="${light.card}" style="max-width:560px;background-color:${light.card};border:1px solid ${light.line};border-radius:8px;border-collapse:separate"><tr><td class="pad" align="left" style="padding:32px 36px 36px">
<table ${TABLE}>
${rows.join("\n")}
</table>
</td></tr></table>
<table ${TABLE} style="max-width:560px"><tr><td class="m pad" align="left" style="padding:20px 36px 32px;color:${light.muted};${font("13px/20px")}">${linked(reason)}</td></tr></table>
</td></tr></table>
</div>
</body>
</html>
`;
}

const row = (content: string, padding: string): string =>
  `<tr><td style="padding:${padding}">${content}</td></tr>`;

function mark(team: string | undefined): string {
  const tile = `<td width="24" class="ink on" align="center" bgcolor="${light.ink}" style="width:24px;height:24px;border-radius:6px;background-color:${light.ink};color:${light.onInk};${font("14px/24px", 700)};text-align:center" aria-hidden="true">1</td>`;
  const name = `<td class="t" style="padding:0 0 0 9px;color:${light.text};${font("16px/24px", 600)};letter-spacing:-0.2px">OneKey</td>`;
  const brand = `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>${tile}${name}</tr></table>`;
  if (team === undefined) return row(brand, "0 0 28px");
  const account = `<td class="m" align="right" style="padding:0 0 0 12px;color:${light.muted};${font("13px/20px")};text-align:right">${escapeHtml(team)}</td>`;
  return row(`<table ${TABLE}><tr><td>${brand}</td>${account}</tr></table>`, "0 0 28px");
}

/** Two cells as a bar: what is used, and what is left. */
function bar(usedPercent: number): string {
  const usedWidth = Math.min(100, Math.max(0, Math.round(usedPercent)));
  const part = (name: "used" | "rest", width: number) =>
    width === 0
      ? ""
      : `<td class="${name}" width="${width}%" bgcolor="${light[name]}" style="width:${width}%;height:8px;background-color:${light[name]};font-size:0;line-height:8px">&nbsp;</td>`;
  return row(
    `<table ${TABLE} aria-hidden="true"><tr>${part("used", usedWidth)}${part("rest", 100 - usedWidth)}</tr></table>`,
    "22px 0 0",
  );
}

function paragraph(text: string, quiet = false): string {
  const [name, color, size] = quiet
    ? ["m", light.muted, "13px/20px"]
    : ["t", light.text, "15px/24px"];
  return `<tr><td class="${name}" style="padding:${quiet ? "16px" : "8px"} 0 0;color:${color};${font(size)}">${linked(text)}</td></tr>`;
}

function factTable(facts: EmailFact[]): string {
  const lines = facts.map(({ name, value, strong = false }) => {
    const weight = strong ? 600 : 400;
    const border = `border-top:1px solid ${strong ? light.strong : light.line}`;
    const names = `line${strong ? " strong" : ""}`;
    return `<tr><td class="${strong ? "t" : "m"} ${names}" style="${border};padding:9px 12px 9px 0;color:${strong ? light.text : light.muted};${font("14px/20px", weight)}">${escapeHtml(name)}</td><td class="t ${names}" align="right" style="${border};padding:9px 0;color:${light.text};${font("14px/20px", weight)};text-align:right;font-variant-numeric:tabular-nums">${amountHtml(value)}</td></tr>`;
  });
  return row(
    `<table ${TABLE} class="line" style="border-bottom:1px solid ${light.line}">${lines.join("")}</table>`,
    "24px 0 0",
  );
}

/** A value; what an amount has past the cent is quieter. */
function amountHtml(value: string): string {
  const [, cents, decimals] = /^([+−]?\$[\d,]+\.\d\d)(\d+)$/.exec(value) ?? [];
  return cents === undefined || decimals === undefined
    ? escapeHtml(value)
    : `${escapeHtml(cents)}<span class="m" style="color:${light.muted}">${decimals}</span>`;
}

function button({ label, url }: { label: string; url: string }): string {
  return row(
    `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="ink" bgcolor="${light.ink}" style="border-radius:6px;background-color:${light.ink}"><a href="${escapeHtml(url)}" class="on" style="display:inline-block;padding:11px 18px;color:${light.onInk};${font("15px/20px", 500)};text-decoration:none;border-radius:6px">${escapeHtml(label)}</a></td></tr></table>`,
    "24px 0 0",
  );
}

/** A text in which addresses are links; all else in it stays text. */
function linked(text: string): string {
  return text
    .split(/(https?:\/\/[^\s]+)/)
    .map((piece, index) =>
      index % 2 === 1
        ? `<a href="${escapeHtml(piece)}" class="a" style="color:${light.accent};text-decoration:underline">${escapeHtml(piece)}</a>`
        : escapeHtml(piece),
    )
    .join("");
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
