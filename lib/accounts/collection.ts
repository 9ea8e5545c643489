import { collection } from "@/lib/db/collection";
import type { Account, FreeGrant, GrantDay } from "./schema";

export const ACCOUNTS = "accounts";
export const accounts = collection<Account>(ACCOUNTS);
export const freeGrants = collection<FreeGrant>("free_grants");
export const grantDays = collection<GrantDay>("grant_days");

export async function ensureIndexes(): Promise<void> {
  await accounts.createIndexes([
    { key: { email: 1 }, unique: true, name: "email" },
    { key: { keys: 1 }, unique: true, sparse: true, name: "keys" },
    { key: { "expiries.at": 1 }, sparse: true, name: "expiries" },
    { key: { "holds.by": 1 }, name: "holds.by" },
    { key: { closing: 1 }, sparse: true, name: "closing" },
    { key: { "topUp.on": 1 }, sparse: true, name: "top-up" },
    { key: { "topUp.stopped.mailAt": 1 }, sparse: true, name: "top-up.stopped" },
    { key: { "alert.threshold": 1 }, sparse: true, name: "alert" },
    { key: { "topUp.pending.at": 1 }, sparse: true, name: "top-up.pending" },
    { key: { personDigests: 1 }, sparse: true, name: "personDigests" },
  ]);
  await grantDays.createIndex({ expires: 1 }, { name: "expiry", expireAfterSeconds: 0 });
}
