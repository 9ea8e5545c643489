import { pageMarkdown } from "../../(site)/docs/markdown";
import { docsPages } from "../../(site)/docs/pages";
import { publicAddress } from "../../public-address";

/** A page of the docs as Markdown; next.config.ts sends /docs/NAME.md here. */
export async function GET(_: Request, { params }: { params: Promise<{ page: string[] }> }) {
  const pagePath = `/${(await params).page.join("/")}`;
  const page = docsPages.find(({ path }) => path === pagePath);
  if (!page) return new Response("There is no such page.\n", { status: 404 });
  return new Response(await pageMarkdown(page, await publicAddress()), {
    headers: { "content-type": "text/markdown; charset=utf-8" },
  });
}
