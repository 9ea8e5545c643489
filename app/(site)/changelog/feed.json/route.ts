import { publicAddress } from "@/app/public-address";
import { feedEntries } from "../feed";

/** The changelog as a JSON Feed (https://www.jsonfeed.org/version/1.1/); `?show=` filters it as on the page. */
export async function GET(request: Request) {
  const address = await publicAddress();
  const entries = await feedEntries(request, address);
  return Response.json(
    {
      version: "https://jsonfeed.org/version/1.1",
      title: "OneKey changelog",
      home_page_url: `${address}/changelog`,
      feed_url: `${address}/changelog/feed.json`,
      items: entries.map(({ id, url, title, updated, html }) => ({
        id,
        url,
        title,
        date_published: updated,
        content_html: html,
      })),
    },
    {
      headers: {
        "content-type": "application/feed+json; charset=utf-8",
        "cache-control": "public, max-age=300",
      },
    },
  );
}
