import { z } from "zod";
import { isSameOrigin } from "@/lib/auth/origin";
import { currentUser } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { ChainName } from "@/lib/wallets/schema";

const Call = z.object({ method: z.string(), params: z.array(z.unknown()) });

const missing = () => new Response("Not found.\n", { status: 404 });

/** The address of a local chain; null in live mode and when the chain was not started. */
function localChain(chain: string): string | null {
  const name = ChainName.safeParse(chain);
  return name.success ? (env().sandboxUrls?.[name.data] ?? null) : null;
}

/** The page script of the sandbox wallet; a 404 in live mode. */
export async function sandboxWalletScript(): Promise<Response> {
  const url = localChain("base") ?? localChain("ethereum");
  if (url === null) return missing();
  const script = await fetch(`${url}/wallet.js`);
  return new Response(await script.text(), {
    headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-store" },
  });
}

/** Forwards a page's call to the sandbox wallet of the signed-in person. */
export async function askSandboxWallet(request: Request, chain: string): Promise<Response> {
  const url = localChain(chain);
  const user = url === null || !isSameOrigin(request) ? null : await currentUser();
  if (url === null || user === null) return missing();
  const call = Call.safeParse(await request.json().catch(() => null));
  if (!call.success)
    return Response.json({ error: { code: -32_600, message: "The body is not a wallet call." } });
  const body = JSON.stringify({ owner: user._id, ...call.data });
  const response = await fetch(`${url}/wallet`, { method: "POST", body });
  return Response.json(await response.json());
}
