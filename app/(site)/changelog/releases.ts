import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ChangelogEntry, EntryKind } from "./entries";

const parts: Record<string, { kind: EntryKind; title: string }> = {
  Added: { kind: "Product", title: "What is new" },
  Changed: { kind: "Change", title: "What changed" },
  Removed: { kind: "Change", title: "What was removed" },
  Deprecated: { kind: "Change", title: "What will be removed" },
  Fixed: { kind: "Fix", title: "What was fixed" },
  Security: { kind: "Fix", title: "What was fixed for security" },
};

/** What programs notice: an item that names a path or a header of the API, or begins with `API:`. */
const API_ITEM = /^API: |`[^`]*(\/v1(beta)?\b|x-onekey-)[^`]*`/;

/** The releases in CHANGELOG.md. */
export async function releaseEntries(): Promise<ChangelogEntry[]> {
  return parseReleases(await readFile(path.join(process.cwd(), "CHANGELOG.md"), "utf8"));
}

/**
 * The released sections of a changelog in the form of keepachangelog.com: one entry for each part of each release, and another for
 * what of it is about the API. What is not released has no date and is left out.
 */
export function parseReleases(markdown: string): ChangelogEntry[] {
  return markdown.split(/^## /m).flatMap((section) => {
    const head = /^\[([\w.-]+)\] - (\d{4}-\d{2}-\d{2})\n/.exec(section);
    const [, version = "", day = ""] = head ?? [];
    const at = new Date(`${day}T00:00:00Z`);
    if (!head || Number.isNaN(at.getTime())) return [];
    return section.split(/^### /m).flatMap((part): ChangelogEntry[] => {
      const name = /^(\w+)\n/.exec(part)?.[1] ?? "";
      const matchingPart = parts[name];
      const items = [...part.matchAll(/^- (.+)$/gm)].map(([, item = ""]) => item);
      if (!matchingPart || items.length === 0) return [];
      const id = `release-${version.replaceAll(".", "-")}-${name.toLowerCase()}`;
      const { kind, title } = matchingPart;
      // A fix stays one, whatever it is of.
      const isApi = (item: string) => kind !== "Fix" && API_ITEM.test(item);
      const apiItems = items.filter(isApi).map((item) => item.replace(/^API: /, ""));
      const otherItems = items.filter((item) => !isApi(item));
      return [
        ...(otherItems.length === 0
          ? []
          : [{ id, kind, at, title: `${title} in ${version}`, items: otherItems }]),
        ...(apiItems.length === 0
          ? []
          : [
              {
                id: `${id}-api`,
                kind: "API" as const,
                at,
                title: `${title} in the API in ${version}`,
                items: apiItems,
              },
            ]),
      ];
    });
  });
}
