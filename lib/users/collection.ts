import { collection } from "@/lib/db/collection";
import type { User } from "./schema";

export const users = collection<User>("users");

export async function ensureIndexes(): Promise<void> {
  await users.createIndexes([
    { key: { email: 1 }, unique: true, name: "email" },
    { key: { "emailChange.digest": 1 }, unique: true, sparse: true, name: "email_change" },
    { key: { "emailUndos.digest": 1 }, sparse: true, name: "email_undos" },
    {
      key: { "methods.provider": 1, "methods.subject": 1 },
      unique: true,
      sparse: true,
      name: "methods",
    },
  ]);
}
