/** The kinds of entries, which decide their icon. */
export type PaletteKind = "page" | "docs" | "section" | "endpoint" | "model" | "action";

/** One place that the palette can open. */
export type PaletteEntry = {
  /** The heading under which it is listed. */
  group: string;
  kind: PaletteKind;
  title: string;
  /** A line below the title. */
  text?: string;
  /** A few words at the right: a group of the docs, a price. */
  note?: string;
  href: string;
};

/** What the search index holds of a section of the docs or an endpoint. */
export type SearchSection = {
  /** Title of the page the section belongs to, under which results are listed. */
  page: string;
  kind: PaletteKind;
  title: string;
  text: string;
  note: string;
  href: string;
};

/** The schema of the search index; the build and the browser must agree on it. */
export const searchSchema = {
  page: "string",
  kind: "string",
  title: "string",
  text: "string",
  note: "string",
  href: "string",
} as const;
