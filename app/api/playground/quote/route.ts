import { AppError } from "@/lib/errors";
import { quoteRequest } from "@/lib/playground/quote";
import { PlaygroundPath } from "@/lib/playground/schema";
import { servePage } from "../own-page";

export const dynamic = "force-dynamic";

/** The maximum cost of the request in the body, for the endpoint in `path`. Nothing of it is kept. */
export const POST = (request: Request): Promise<Response> =>
  servePage(request, async (account) => {
    const path = PlaygroundPath.safeParse(new URL(request.url).searchParams.get("path"));
    if (!path.success) throw new AppError("bad_request", "There is no such endpoint.");
    const body = new Uint8Array(await request.arrayBuffer());
    return quoteRequest({ account, path: path.data, body });
  });
