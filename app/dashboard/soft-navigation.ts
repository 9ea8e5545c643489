import { headers } from "next/headers";

/**
 * Whether a page of ours asks for the next one, and not the browser for a document. Its panels can then come one by one; a
 * document is sent complete, so that it reads without scripts.
 */
export const isSoftNavigation = async (): Promise<boolean> =>
  (await headers()).has("x-soft-navigation");
