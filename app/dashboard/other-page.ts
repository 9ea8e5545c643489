import { headers } from "next/headers";
import { redirect } from "next/navigation";

/**
 * Goes to a page of another account from an action. Next's scripts would keep the frame of the present account, so they get the
 * address, which `useOtherPage` loads as a document; a browser without scripts is redirected.
 */
export async function goToAccount(path: string): Promise<{ otherPage: string }> {
  // Only Next's scripts send the id of an action in this header.
  return (await headers()).has("next-action") ? { otherPage: path } : redirect(path);
}
