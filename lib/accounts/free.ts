import { env } from "@/lib/env";
import { isDuplicate } from "@/lib/errors";
import { digestOf, newId } from "@/lib/ids";
import { freeGrants } from "./collection";
import { mailboxProviderOf } from "./mailbox";

/**
 * The `_id` of the one account that a person's free requests go with: whoever makes it has them, and nobody else ever can.
 * It is given out again until that account was made, so that nothing is lost when the creation was interrupted. Null once it was.
 * Who had them is kept as an HMAC of their folded address, so that it can be recognized but not read.
 */
export async function reserveFreeRequests(email: string): Promise<string | null> {
  const reservation = { _id: grantOf(email), at: new Date(), accountId: newId("usr") };
  try {
    await freeGrants.insertOne(reservation);
    return reservation.accountId;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return (await freeGrants.findOne({ _id: reservation._id }))?.accountId ?? null;
  }
}

/** Forgets which account it was, now that it is there. */
export async function endReservation(email: string): Promise<void> {
  await freeGrants.updateOne({ _id: grantOf(email) }, { $unset: { accountId: "" } });
}

const grantOf = (email: string): string =>
  digestOf(`free requests ${foldAddress(email)}`, env().keyPepper);

/** Unknown mail servers may ignore dots, as Gmail's do for the domains of its customers. */
const UNKNOWN_IGNORED = ".";

/**
 * One spelling for all addresses of one mailbox: without a plus-tag and without what the provider ignores. Only for finding
 * a person who comes back; accounts are distinguished by the exact address.
 */
export function foldAddress(email: string): string {
  const [local = "", domain = ""] = email.toLowerCase().split("@");
  const provider = mailboxProviderOf(domain);
  const ignoredCharacters = provider ? (provider.ignored ?? "") : UNKNOWN_IGNORED;
  const localPart = local.split("+")[0] ?? "";
  const canonicalPart = [...localPart]
    .filter((character) => !ignoredCharacters.includes(character))
    .join("");
  const mailboxDomain = provider?.oneMailbox ? (provider.domains[0] ?? domain) : domain;
  return `${canonicalPart === "" ? local : canonicalPart}@${mailboxDomain}`;
}
