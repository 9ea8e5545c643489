import { escapeXml, type FeedEntry } from "@/lib/http/atom";
import { formatUsd } from "@/lib/format";
import { changelog, EntryFilter, type ChangelogEntry } from "./entries";

const ENTRIES_MAX = 50;

/** The entries that a feed's address asks for by `?show=`. */
export async function feedEntries(request: Request, address: string): Promise<FeedEntry[]> {
  const show = EntryFilter.catch("all").parse(new URL(request.url).searchParams.get("show"));
  return (await changelog(show)).slice(0, ENTRIES_MAX).map((entry) => ({
    id: `${address}/changelog#${entry.id}`,
    url: `${address}/changelog#${entry.id}`,
    title: entry.title,
    updated: entry.at,
    html: htmlOf(entry),
  }));
}

function htmlOf({ text, items, prices }: ChangelogEntry): string {
  const list = (lines: string[]) =>
    `<ul>${lines.map((line) => `<li>${escapeXml(line.replaceAll("`", ""))}</li>`).join("")}</ul>`;
  return [
    ...(text === undefined ? [] : [`<p>${escapeXml(text)}</p>`]),
    ...(items === undefined ? [] : [list(items)]),
    ...(prices === undefined
      ? []
      : [
          list(
            prices.map(
              ({ model, after }) =>
                `${model.name} (${model.id}): ${formatUsd(after.rates.input)} a million input tokens, ${formatUsd(after.rates.output)} output`,
            ),
          ),
        ]),
  ].join("\n");
}
