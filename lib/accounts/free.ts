import { env } from "@/lib/env";
import { isDuplicate } from "@/lib/errors";
import { digestOf } from "@/lib/ids";
import { freeGrants } from "./collection";

/** True for the first address of a person; kept as an HMAC, so that it can be told again but not read. */
export async function claimFreeRequests(email: string): Promise<boolean> {
  try {
    await (
      await freeGrants()
    ).insertOne({ _id: digestOf(`free requests ${foldAddress(email)}`, env().keyPepper), at: new Date() });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Spellings that many providers deliver to one mailbox. For this purpose alone: accounts are told apart by the address itself. */
export function foldAddress(email: string): string {
  const [local = "", domain = ""] = email.toLowerCase().split("@");
  const plain = (local.split("+")[0] ?? "").replaceAll(".", "");
  return `${plain === "" ? local : plain}@${domain === "googlemail.com" ? "gmail.com" : domain}`;
}
