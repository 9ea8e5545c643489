import { createHash } from "node:crypto";
import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { Session } from "./schema";

export const sessions = (): Promise<Collection<Session>> => collection<Session>("sessions");

export async function ensureIndexes(): Promise<void> {
  const all = await sessions();
  await all.createIndexes([
    { key: { accountId: 1 }, name: "account" },
    { key: { expires: 1 }, name: "expiry", expireAfterSeconds: 0 },
  ]);
}

export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");
