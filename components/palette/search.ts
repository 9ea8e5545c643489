import { create, load, search, type RawData } from "@orama/orama";
import { searchSchema, type PaletteEntry, type SearchSection } from "./entries";

/** At most so many results of the docs, so that the other groups stay in view. */
const SECTIONS_MAX = 8;
const MODELS_MAX = 5;

export type Search = (query: string) => PaletteEntry[];

/**
 * Loads the index that the build made and the list of models, and returns the search over them. Throws when either cannot be
 * loaded.
 */
export async function loadSearch(): Promise<Search> {
  const [index, models] = await Promise.all([
    fetchJson<RawData>("/search.json"),
    fetchJson<PaletteEntry[]>("/search-models.json"),
  ]);
  const db = create({ schema: searchSchema, components: { tokenizer: { stemming: true } } });
  load(db, index);
  return (query) => [
    ...matching(models, query).slice(0, MODELS_MAX),
    ...(query.trim() === "" ? [] : sections(query)),
  ];

  function sections(term: string): PaletteEntry[] {
    const results = search(db, {
      term,
      properties: ["title", "page", "text"],
      boost: { title: 3, page: 2 },
      limit: SECTIONS_MAX,
      threshold: 0,
      tolerance: term.length > 4 ? 1 : 0,
    });
    if (results instanceof Promise) throw new Error("The index is searched in memory.");
    const hits = results.hits.length > 0 ? results.hits : looser(term);
    // Results of one page stand together, in the order of the best of each.
    const pages = [...new Set(hits.map(({ document }) => document.page))];
    return pages.flatMap((page) =>
      hits
        .map(({ document }) => document as SearchSection)
        .filter((section) => section.page === page)
        .map(({ kind, title, text, note, href }) => ({
          group: page,
          kind,
          title,
          text: excerptOf(text, term),
          note,
          href,
        })),
    );
  }

  /** Sections with some of the words, for when no section has all of them. */
  function looser(term: string) {
    const results = search(db, {
      term,
      properties: ["title", "page", "text"],
      boost: { title: 3, page: 2 },
      limit: SECTIONS_MAX,
    });
    return results instanceof Promise ? [] : results.hits;
  }
}

/** Entries whose title or address has every word of a query. */
export function matching(entries: PaletteEntry[], query: string): PaletteEntry[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  return entries.filter(({ title, href, note = "" }) => {
    const haystack = `${title} ${href} ${note}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

export const wordsOf = (query: string): string[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");

/** A piece of a text around the first word of the query that is in it. */
function excerptOf(text: string, query: string): string {
  const lower = text.toLowerCase();
  const at = wordsOf(query)
    .map((word) => lower.indexOf(word))
    .find((index) => index >= 0);
  if (at === undefined || at < 60) return text.slice(0, 140);
  const start = text.indexOf(" ", at - 40) + 1;
  return `… ${text.slice(start, start + 140)}`;
}

async function fetchJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} could not be loaded: ${response.status}.`);
  return (await response.json()) as T;
}
