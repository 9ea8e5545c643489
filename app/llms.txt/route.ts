import { llmsIndex } from "../(site)/docs/content";
import { publicAddress } from "../public-address";

/** The list of the docs for language models (https://llmstxt.org). */
export const GET = async () =>
  new Response(llmsIndex(await publicAddress()), {
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
