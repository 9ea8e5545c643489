import { editDistance } from "@/lib/edit-distance";
import { listedOperations } from "./(site)/(reference)/docs/api/reference";
import { docsPages } from "./(site)/docs/pages";
import { pricedModels } from "./catalog";

type PublicPage = { path: string; title: string };

const sitePages: PublicPage[] = [
  { path: "/", title: "Home" },
  { path: "/models", title: "Models" },
  { path: "/models/changes", title: "Changes of models" },
  { path: "/pricing", title: "Pricing" },
  { path: "/security", title: "Security" },
  { path: "/status", title: "Status" },
  { path: "/changelog", title: "Changelog" },
  { path: "/privacy", title: "Privacy" },
  { path: "/terms", title: "Terms" },
  { path: "/contact", title: "Contact" },
];

/** Every page that anyone may read and a search engine should find. */
export const publicPages = (): PublicPage[] => [
  ...sitePages,
  ...docsPages.map(({ path, title }) => ({ path, title })),
  ...listedOperations.map(({ slug, summary }) => ({ path: `/docs/api/${slug}`, title: summary })),
  ...pricedModels().map(({ id, name }) => ({ path: `/models/${id}`, title: name })),
];

const PATH_MAX = 128;
const NEAREST_MAX = 3;

/** Pages that anyone may open, to be meant by a mistyped address. */
const openPages = (): PublicPage[] => [...publicPages(), { path: "/sign-in", title: "Sign in" }];

/** The pages most like a mistyped address, nearest first: by the path, or by its last name in another place. */
export function nearestPages(path: string): PublicPage[] {
  const address = path
    .slice(0, PATH_MAX)
    .toLowerCase()
    .replace(/(\.html?|\.mdx?)?\/*$/, "");
  if (address === "") return [];
  const distanceTo = (page: string) =>
    Math.min(editDistance(address, page), 1 + editDistance(nameIn(address), nameIn(page)));
  return openPages()
    .filter(({ path: page }) => page !== "/")
    .map((page) => ({ page, distance: distanceTo(page.path) }))
    .filter(({ distance }) => distance <= Math.max(2, Math.floor(nameIn(address).length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, NEAREST_MAX)
    .map(({ page }) => page);
}

const nameIn = (path: string): string => path.split("/").at(-1) ?? "";
