import { isSameOrigin } from "@/lib/auth/origin";
import { requestMember } from "@/lib/auth/member";
import { AppError } from "@/lib/errors";
import type { Account } from "@/lib/accounts/schema";

/** Serves a request of the playground's page as JSON: the signed-in account's only; a write only from a page of ours. */
export async function servePage(
  request: Request,
  serve: (account: Account) => Promise<unknown>,
): Promise<Response> {
  const headers = { "cache-control": "no-store" };
  try {
    if (request.method !== "GET" && !isSameOrigin(request))
      throw new AppError("forbidden", "This is accepted only from OneKey’s own pages.");
    const { account } = await requestMember(request, "playground:manage");
    return Response.json(await serve(account), { headers });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { message, status, param } = error;
    return Response.json({ message, param }, { status, headers: { ...error.headers, ...headers } });
  }
}
