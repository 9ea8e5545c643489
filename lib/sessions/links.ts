import { now } from "@/lib/clock";
import { LATEST } from "@/lib/db/latest-read";
import { links } from "./collection";
import type { SignInLink } from "./schema";

export async function saveLink(link: SignInLink): Promise<void> {
  await links.insertOne(link);
}

/** The link of a hash, left as it is; null for one that is unknown, used or expired. */
export async function findLink(hash: string): Promise<SignInLink | null> {
  return links.findOne({ _id: hash, expires: { $gt: new Date(now()) } }, LATEST);
}

/** The same, used up: of several concurrent calls one gets it. Other links to the address are of no more use either. */
export async function consumeLink(hash: string): Promise<SignInLink | null> {
  const link = await links.findOneAndDelete({ _id: hash, expires: { $gt: new Date(now()) } });
  if (link) await links.deleteMany({ email: link.email });
  return link;
}

export async function deleteLinks(email: string): Promise<void> {
  await links.deleteMany({ email });
}
