import { compile } from "@mdx-js/mdx";
import { readFile } from "node:fs/promises";
import path from "node:path";
import remarkGfm from "remark-gfm";
import { describe, expect, test } from "vitest";
import { findModel } from "@/lib/catalog/queries";
import { llmsIndex, markdownOf, sectionsOf, sourceOf, writtenPages } from "./content";
import { docsPages } from "./pages";
import rehypeDocs from "./rehype-docs.mjs";

const address = "https://onekey.example";

/** The page as the compiler of the pages makes it. */
async function compiled(slug: string): Promise<string> {
  const file = path.join(process.cwd(), "app/(site)/docs", slug, "page.mdx");
  const code = await compile(
    { value: await readFile(file, "utf8"), path: file },
    { jsx: true, remarkPlugins: [remarkGfm], rehypePlugins: [rehypeDocs] },
  );
  return String(code);
}

describe("each page is compiled and indexed alike", () => {
  test.each(writtenPages.map((page) => [page.path, page] as const))(
    "%s has the same anchors on the page and in the search index",
    async (_, page) => {
      const code = await compiled(page.path.replace(/^\/docs\/?/, ""));
      const onPage = [...code.matchAll(/<_components\.h[23] id="([^"]+)"/g)].map(([, id]) => id);
      const anchors = sectionsOf(page, await sourceOf(page)).flatMap(({ anchor }) => anchor ?? []);
      expect(anchors).toEqual(onPage);
      expect(new Set(onPage).size).toBe(onPage.length);
      expect(code).toContain(`<DocsPage path="${page.path}"`);
      // What is left is in the text to copy, which is filled in when it is shown.
      expect(code.replaceAll(/copy="[^"]*"/g, "")).not.toContain("ONEKEY_URL");
    },
  );
});

test("a page as Markdown has its title, its text and this server's address, and nothing of MDX", async () => {
  for (const page of writtenPages) {
    const text = await markdownOf(page, address);
    expect(text.startsWith(`# ${page.title}\n\n> ${page.description}\n`), page.path).toBe(true);
    expect(text, page.path).not.toMatch(
      /ONEKEY_URL|^import |^export const|<\/?(CodeGroup|Notice)/m,
    );
    expect(text, page.path).not.toMatch(/\]\(\//);
  }
});

test("llms.txt lists every page once", () => {
  const index = llmsIndex(address);
  for (const page of docsPages) expect(index.split(`(${address}${page.path}.md)`)).toHaveLength(2);
});

test("no page has a key with an ellipsis in a command", async () => {
  for (const page of writtenPages)
    expect(await sourceOf(page), page.path).not.toMatch(/sk-onekey-…/);
});

test("no page has a note about what was not tried", async () => {
  for (const page of writtenPages)
    expect(await sourceOf(page), page.path).not.toMatch(/not run here/i);
});

test("every model that a page names in code is current in the catalog", async () => {
  const name = /\b(?:claude|gpt|gemini|grok|whisper|text-embedding)-[\w.-]*\d[\w.-]*/g;
  const statuses = new Map<string, string | undefined>();
  for (const page of writtenPages)
    for (const [code] of (await sourceOf(page)).matchAll(/^```[\s\S]*?^```|`[^`\n]+`/gm))
      for (const [id] of code.matchAll(name))
        statuses.set(`${page.path}: ${id}`, findModel(id)?.status);
  expect(statuses.size).toBeGreaterThan(40);
  expect([...statuses].filter(([, status]) => status !== "current")).toEqual([]);
});
