import { now } from "@/lib/clock";
import { links } from "./collection";
import type { SignInLink } from "./schema";

export async function saveLink(link: SignInLink): Promise<void> {
  await (await links()).insertOne(link);
}

/** The link of a hash, left as it is; null for one that is unknown, used or expired. */
export async function findLink(hash: string): Promise<SignInLink | null> {
  return (await links()).findOne({ _id: hash, expires: { $gt: new Date(now()) } });
}

/** The same, used up: of several concurrent calls one gets it. Other links to the address are of no more use either. */
export async function consumeLink(hash: string): Promise<SignInLink | null> {
  const all = await links();
  const link = await all.findOneAndDelete({ _id: hash, expires: { $gt: new Date(now()) } });
  if (link) await all.deleteMany({ email: link.email });
  return link;
}

export async function deleteLinks(email: string): Promise<void> {
  await (await links()).deleteMany({ email });
}
