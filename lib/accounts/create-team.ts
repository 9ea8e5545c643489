import { AppError } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { TeamName } from "@/lib/teams/schema";
import { accounts } from "./collection";
import type { Account } from "./schema";

/** The account of a team: without free requests, with a first, keyless project. Its members are in `teams`. */
export async function createTeamAccount(input: {
  accountId: string;
  name: string;
  now: Date;
}): Promise<Account> {
  const { accountId, name, now } = input;
  const account: Account = {
    _id: accountId,
    kind: "team",
    // Unique like an address, and none.
    email: `team:${accountId}`,
    name: checkedTeamName(name),
    createdAt: now,
    seq: 0,
    credits: 0,
    posted: 0,
    charged: 0,
    free: { requests: 0, credits: 0 },
    projects: [{ id: newId("prj"), name: "First project", createdAt: now, limits: {} }],
    caps: [],
    holds: [],
  };
  await accounts.insertOne(account);
  return account;
}

/** Throws bad_request for a name that is not one. */
export function checkedTeamName(name: string): string {
  const parseResult = TeamName.safeParse(name);
  if (parseResult.success) return parseResult.data;
  throw new AppError("bad_request", parseResult.error.issues[0]?.message ?? "That is not a name.", {
    param: "name",
  });
}
