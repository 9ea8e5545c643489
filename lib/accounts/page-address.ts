import { accountPath } from "@/lib/account-path";
import { teamIdOf, type Account } from "./schema";
import { env } from "@/lib/env";

/** The address of a dashboard page of an account, such as for a mail or for Stripe to return to. */
export const pageAddress = (account: Pick<Account, "_id" | "kind">, path: string): string =>
  `${env().nextauthUrl}${accountPath(teamIdOf(account), path)}`;
