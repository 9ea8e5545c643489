import { authorizeMember, type AccountMember } from "@/lib/auth/member";
import { AppError } from "@/lib/errors";
import type { Permission } from "@/lib/teams/permissions";

/** A file of the page's account, for members whose role has the permission. An AppError becomes a text that says why there is none. */
export async function serveDownload(
  { permission, page }: { permission: Permission; page: string },
  make: (member: AccountMember) => Promise<Response>,
): Promise<Response> {
  try {
    return await make(await authorizeMember(permission, page));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return new Response(`${error.message}\n`, {
      status: error.status,
      headers: { "cache-control": "no-store" },
    });
  }
}
