import { publicAddress } from "@/app/public-address";
import { atomFeed, feedResponse } from "@/lib/http/atom";
import { feedEntries } from "../feed";

/** The changelog as an Atom feed; `?show=` filters it as on the page. */
export async function GET(request: Request) {
  const address = await publicAddress();
  return feedResponse(
    atomFeed({
      title: "OneKey changelog",
      url: `${address}/changelog`,
      self: `${address}/changelog/feed.xml`,
      entries: await feedEntries(request, address),
    }),
  );
}
