import { collection } from "@/lib/db/collection";
import type { Team } from "./schema";

export const teams = collection<Team>("teams");

export async function ensureIndexes(): Promise<void> {
  await teams.createIndexes([
    { key: { "members.userId": 1 }, name: "members.userId" },
    { key: { "invitations.digest": 1 }, sparse: true, name: "invitations.digest" },
  ]);
}
