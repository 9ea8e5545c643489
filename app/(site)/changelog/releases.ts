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

/** The releases in CHANGELOG.md. */
export async function releaseEntries(): Promise<ChangelogEntry[]> {
  return parseReleases(await readFile(path.join(process.cwd(), "CHANGELOG.md"), "utf8"));
}

/**
 * The released sections of a changelog in the form of keepachangelog.com: one entry for each part of each release. What is not
 * released has no date and is left out.
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
      return [
        { id, kind: matchingPart.kind, at, title: `${matchingPart.title} in ${version}`, items },
      ];
    });
  });
}
