import type { PaletteEntry } from "./entries";

const page = (title: string, href: string, note = ""): PaletteEntry => ({
  group: "Pages",
  kind: "page",
  title,
  href,
  note,
});

/** The pages of the site, which are listed before anything is typed. */
export const sitePlaces: PaletteEntry[] = [
  page("Quickstart", "/docs", "Docs"),
  page("API reference", "/docs/api", "Docs"),
  page("Models", "/models"),
  page("Pricing", "/pricing"),
  page("Security and data handling", "/security"),
  page("Status", "/status"),
  page("Changelog", "/changelog"),
  page("Privacy and cookies", "/privacy"),
  page("Terms", "/terms"),
  page("Contact", "/contact"),
  page("Sign in", "/sign-in"),
];
