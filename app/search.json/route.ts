import { create, insertMultiple, save } from "@orama/orama";
import { searchSchema, type SearchSection } from "@/components/palette/entries";
import { sectionsOf, sourceOf, writtenPages } from "../(site)/docs/content";
import { groups } from "../(site)/docs/pages";
import { openApiDocument } from "../openapi.json/document";
import { referenceSections } from "../(site)/(reference)/docs/api/sections";

/** The search index over the docs and the API reference. It is made once, when the pages are built. */
export const dynamic = "force-static";

export async function GET() {
  const db = create({ schema: searchSchema, components: { tokenizer: { stemming: true } } });
  await insertMultiple(db, [...(await docsSections()), ...referenceSections(openApiDocument(""))]);
  return Response.json(save(db), { headers: { "cache-control": "public, max-age=300" } });
}

async function docsSections(): Promise<SearchSection[]> {
  const lists = await Promise.all(
    writtenPages.map(async (page) => {
      const group = groups.find(({ pages }) => pages.includes(page))?.title ?? "";
      return sectionsOf(page, await sourceOf(page)).map(
        ({ title, anchor, text }): SearchSection => ({
          page: page.title,
          kind: anchor === null ? "docs" : "section",
          title,
          text,
          note: group,
          href: anchor === null ? page.path : `${page.path}#${anchor}`,
        }),
      );
    }),
  );
  return lists.flat();
}
