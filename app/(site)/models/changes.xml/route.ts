import { env } from "@/lib/env";
import { atomFeed } from "./feed";
import { changes } from "../changes/events";

export const dynamic = "force-dynamic";

export function GET(): Response {
  return new Response(atomFeed({ address: env().nextauthUrl, ...changes() }), {
    headers: {
      "content-type": "application/atom+xml; charset=utf-8",
      "cache-control": "public, max-age=600",
    },
  });
}
