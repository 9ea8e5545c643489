import { allMarkdown } from "../(site)/docs/markdown";
import { publicAddress } from "../public-address";

/** All pages of the docs in one file, for language models. */
export const GET = async () =>
  new Response(await allMarkdown(await publicAddress()), {
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
