import { expect, test } from "vitest";
import { message, type EmailMessage } from "./message";

const input: EmailMessage = {
  heading: "Receipt for $50.00",
  paragraphs: ["50.000000 credits were added to your balance.", "One credit is one US dollar."],
  facts: [
    { name: "Credits", value: "$50.00" },
    { name: "Purchase fee", value: "$1.25" },
    { name: "Total paid", value: "$51.25", strong: true },
  ],
  action: { label: "View receipt", url: "https://onekey.example/dashboard/receipts/led_1?a=1&b=2" },
  notes: ["The receipt page prints as an invoice."],
  reason: "Sent after each purchase. Change it: https://onekey.example/dashboard/settings",
};

/** What a reader sees of the HTML part. */
const visible = (html: string) =>
  html
    .replace(/<(style|title)>[\s\S]*?<\/\1>/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

test("the plain text is complete, in 72 columns, with the address on a separate line", () => {
  const { text } = message(input);
  expect(text).toBe(`Receipt for $50.00

50.000000 credits were added to your balance.

One credit is one US dollar.

Credits        $50.00
Purchase fee    $1.25
Total paid     $51.25

View receipt:
https://onekey.example/dashboard/receipts/led_1?a=1&b=2

The receipt page prints as an invoice.

Sent after each purchase. Change it:
https://onekey.example/dashboard/settings
`);
  const long = message({ ...input, paragraphs: [`${"word ".repeat(60)}end.`] }).text;
  expect(Math.max(...long.split("\n").map((line) => line.length))).toBeLessThanOrEqual(72);
});

test("both parts say the same words", () => {
  const { text, html } = message(input);
  const visibleText = visible(html);
  for (const word of text.split(/\s+/).filter((part) => !/^(http|receipt:)/.test(part)))
    expect(visibleText, word).toContain(word);
  for (const url of text.match(/https:\S+/g) ?? [])
    expect(html).toContain(`href="${url.replaceAll("&", "&#38;")}"`);
});

test("markup in a text stays text, in both parts", () => {
  const { text, html } = message({
    ...input,
    heading: "<b>Mira</b>",
    paragraphs: ['"><script>alert(1)</script>'],
    facts: [{ name: "<i>", value: "</td>" }],
  });
  expect(text).toContain("<b>Mira</b>");
  expect(html).not.toMatch(/<b>|<script>|<i>/);
  expect(visible(html)).toContain('"><script>alert(1)</script>');
});

test("a mail loads nothing, does not track, and has dark mode and phone widths", () => {
  const { html } = message(input);
  expect(html).not.toMatch(/<img|<link|@import|@font-face|url\(|<script|<iframe/i);
  expect([...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => new URL(href ?? "").host)).toEqual(
    ["onekey.example", "onekey.example"],
  );
  expect(html).toContain("@media (prefers-color-scheme:dark)");
  expect(html).toContain("[data-ogsc] .card{");
  expect(html).toContain("@media (max-width:599px)");
});

test("a mail names its team, shows a used share as a bar, and has its button where it belongs", () => {
  const facts = [{ name: "Limit", value: "$25.004310" }];
  const { text, html } = message({ ...input, facts, team: "<Fieldnote>", usedPercent: 80 });
  expect(visible(html)).toContain("<Fieldnote>");
  expect(html.match(/width="(\d+)%" bgcolor/g)).toEqual([
    'width="80%" bgcolor',
    'width="20%" bgcolor',
  ]);
  expect(html).toContain(">$25.00<span");
  expect(text).toContain("Limit   $25.004310");
  expect(html.indexOf("$25.00<span")).toBeLessThan(html.indexOf("View receipt"));
  const first = message({ ...input, facts, isActionFirst: true });
  expect(first.html.indexOf("View receipt")).toBeLessThan(first.html.indexOf("$25.00<span"));
  expect(first.text.indexOf("View receipt")).toBeLessThan(first.text.indexOf("$25.00"));
  for (const usedPercent of [-5, 0, 100, 250])
    expect(
      message({ ...input, usedPercent }).html.match(/class="(used|rest)" width/g),
    ).toHaveLength(1);
});
