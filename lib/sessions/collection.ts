import { createHash } from "node:crypto";
import { collection } from "@/lib/db/collection";
import type { AttemptCount, Session, SignInLink } from "./schema";

export const sessions = collection<Session>("sessions");
export const links = collection<SignInLink>("links");
export const attempts = collection<AttemptCount>("attempts");

export async function ensureIndexes(): Promise<void> {
  const expiry = { key: { expires: 1 }, name: "expiry", expireAfterSeconds: 0 };
  await sessions.createIndexes([{ key: { userId: 1 }, name: "user" }, expiry]);
  await links.createIndexes([{ key: { email: 1 }, name: "email" }, expiry]);
  await attempts.createIndexes([expiry]);
}

export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");
