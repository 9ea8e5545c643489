import { readKeyOwner, recallKeyOwner, type KeyOwner } from "@/lib/accounts/key-owner";
import { env } from "@/lib/env";
import { digestOf } from "@/lib/ids";
import { headerOf, type Exchange } from "../exchange";
import { presentedKey } from "../upstream/headers";
import { isOfSession, sessionDigest } from "./session-caller";

export type Caller = {
  digest: string;
  accountId: string;
  /** The website whose script sent the request; undefined for what no browser sent, and for a page of ours. */
  origin: string | undefined;
  limits: KeyOwner["limits"];
  /** The owner as the database has it now; throws invalid_key or forbidden. Reads nothing where the owner was just read. */
  confirm(): Promise<Pick<KeyOwner, "limits">>;
};

/** A body up to this length is read when this instance knows its key, without a read of the database. */
const SMALL_BYTES = 1024 * 1024;

/**
 * Whose key a request presents, or whose session a request of the playground, before anything of its body is read. Throws
 * invalid_key for one that is unknown, and forbidden for an address or a website that its project does not allow. A digest
 * that this instance has seen costs no read of the database, unless the body is compressed or long, and would cost more than
 * that. It authorizes nothing: the hold does.
 */
export async function authenticate(exchange: Exchange): Promise<Caller> {
  const ofSession = isOfSession(exchange);
  const digest = ofSession
    ? await sessionDigest(exchange)
    : digestOf(presentedKey(exchange), env().keyPepper);
  // The playground is a page of ours, whatever websites the project allows.
  const origin = ofSession ? undefined : headerOf(exchange, "origin");
  const presentedCaller = { digest, address: exchange.address, origin };
  const owner =
    (isCheap(exchange) ? recallKeyOwner(digest) : null) ?? (await readKeyOwner(presentedCaller));
  const confirm = async () => (owner.isFresh ? owner : readKeyOwner(presentedCaller));
  return { digest, accountId: owner.accountId, origin, limits: owner.limits, confirm };
}

function isCheap(exchange: Exchange): boolean {
  const encoding = headerOf(exchange, "content-encoding") ?? "identity";
  const length = Number(headerOf(exchange, "content-length") ?? 0);
  return encoding === "identity" && length <= SMALL_BYTES;
}
