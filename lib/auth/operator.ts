import { headers } from "next/headers";
import { notFound } from "next/navigation";
import type { Account } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { isSameOrigin } from "./origin";
import { currentAccount } from "./session";

/** Whether OPERATOR_EMAILS names the account. Its address is verified: nobody signs in to it otherwise. */
export const isOperator = ({
  email,
  suspendedAt,
}: Pick<Account, "email" | "suspendedAt">): boolean =>
  suspendedAt === undefined && env().operatorEmails.includes(email);

/** The signed-in operator. For everyone else, signed in or not, there is no such page. */
export async function requireOperator(): Promise<Account> {
  const account = await currentAccount();
  return account !== null && isOperator(account) ? account : notFound();
}

/** The operator, for an operator action: the request must come from a page of this server. */
export async function requireOperatorAction(): Promise<Account> {
  if (!isSameOrigin({ headers: await headers() })) notFound();
  return requireOperator();
}
