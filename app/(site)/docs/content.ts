import { readFile } from "node:fs/promises";
import path from "node:path";
import { docsPages, groups, type DocsPage } from "./pages";

/** A part of a page under one heading; the part before the first heading has the page's own title. */
export type DocsSection = { title: string; anchor: string | null; text: string };

/** The Markdown source of a page, without what only the compiler of the pages needs. */
export async function sourceOf({ path: page }: DocsPage): Promise<string> {
  const folder = page.replace(/^\/docs\/?/, "");
  const file = path.join(process.cwd(), "app/(site)/docs", folder, "page.mdx");
  return (await readFile(file, "utf8"))
    .replace(/^(import|export) .*$\n?/gm, "")
    .replace(/^<\/?(CodeGroup|Notice)[^>]*>\n?/gm, "")
    .trim();
}

/** A page as Markdown with its title, for a reader at `address`. */
export async function markdownOf(page: DocsPage, address: string): Promise<string> {
  const body = (await sourceOf(page))
    .replaceAll("ONEKEY_URL", address)
    .replaceAll(/\]\(\/(?!\/)/g, `](${address}/`);
  return `# ${page.title}\n\n> ${page.description}\n\n${body}\n`;
}

/** Pages that are written by hand; the API reference is generated. */
export const writtenPages: DocsPage[] = docsPages.filter(({ path: page }) => page !== "/docs/api");

/** The list of pages in the form of llmstxt.org. */
export function llmsIndex(address: string): string {
  const lists = groups.map(({ title, pages }) =>
    [
      `## ${title}`,
      "",
      ...pages.map((page) => `- [${page.title}](${address}${page.path}.md): ${page.description}`),
    ].join("\n"),
  );
  return [
    "# OneKey",
    "",
    "> One API key for OpenAI, Anthropic, Google and xAI. Requests and responses pass through byte for byte, at the providers' list prices, and no content is stored.",
    "",
    `All pages in one file: ${address}/llms-full.txt. The OpenAPI document: ${address}/openapi.json.`,
    "",
    lists.join("\n\n"),
    "",
  ].join("\n");
}

/** The parts of a page's source, as plain text for the search index. */
export function sectionsOf(page: DocsPage, source: string): DocsSection[] {
  const sections: DocsSection[] = [{ title: page.title, anchor: null, text: page.description }];
  let inCode = false;
  for (const line of source.split("\n")) {
    if (line.startsWith("```")) inCode = !inCode;
    const heading = inCode ? null : /^#{2,3} (.+)$/.exec(line);
    if (heading?.[1]) {
      const title = plainTextOf(heading[1]);
      sections.push({ title, anchor: anchorOf(title), text: "" });
      continue;
    }
    const last = sections.at(-1);
    if (last && !line.startsWith("```") && !/^[|\s:-]*$/.test(line))
      last.text = `${last.text} ${inCode ? line.trim() : plainText(line)}`.trim();
  }
  return sections;
}

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** A line of Markdown without its marks. */
function plainText(line: string): string {
  return plainTextOf(line.replaceAll(/^[-#>]+ |^\d+\. /g, "").replaceAll(/\s*\|\s*/g, " "));
}

/** A text without the marks of links, code and emphasis. */
const plainTextOf = (text: string): string =>
  text
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*]/g, "")
    .trim();
