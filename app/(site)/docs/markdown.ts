import { openApiDocument } from "../../openapi.json/document";
import { referenceMarkdown } from "../(reference)/docs/api/markdown";
import { markdownOf } from "./content";
import { docsPages, type DocsPage } from "./pages";

/** Any page of the docs as Markdown, the generated API reference too. */
export async function pageMarkdown(page: DocsPage, address: string): Promise<string> {
  return page.path === "/docs/api"
    ? referenceMarkdown(openApiDocument(address))
    : markdownOf(page, address);
}

/** Every page, one after the other. */
export async function allMarkdown(address: string): Promise<string> {
  const pages = await Promise.all(docsPages.map((page) => pageMarkdown(page, address)));
  return pages.join("\n---\n\n");
}
