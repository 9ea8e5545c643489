import { createHash } from "node:crypto";
import type { Collection } from "mongodb";
import { collection } from "@/lib/db/client";
import type { AttemptCount, Session, SignInLink } from "./schema";

export const sessions = (): Promise<Collection<Session>> => collection<Session>("sessions");
export const links = (): Promise<Collection<SignInLink>> => collection<SignInLink>("links");
export const attempts = (): Promise<Collection<AttemptCount>> =>
  collection<AttemptCount>("attempts");

export async function ensureIndexes(): Promise<void> {
  const expiry = { key: { expires: 1 }, name: "expiry", expireAfterSeconds: 0 };
  await (await sessions()).createIndexes([{ key: { accountId: 1 }, name: "account" }, expiry]);
  await (await links()).createIndexes([{ key: { email: 1 }, name: "email" }, expiry]);
  await (await attempts()).createIndexes([expiry]);
}

export const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");
