import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { findById } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import { env } from "@/lib/env";
import { isSameOrigin } from "./origin";
import { currentUser } from "./session";

/** Whether OPERATOR_EMAILS names a personal account. Its address is verified: nobody signs in to it otherwise. */
export const isOperator = ({
  email,
  suspendedAt,
}: Pick<Account, "email" | "suspendedAt">): boolean =>
  suspendedAt === undefined && env().operatorEmails.includes(email);

/** The personal account of the signed-in operator. For everyone else, signed in or not, there is no such page. */
export async function requireOperator(): Promise<Account> {
  const user = await currentUser();
  const account = user && (await findById(user._id));
  return account !== null && isOperator(account) ? account : notFound();
}

/** The operator, for an operator action: the request must come from a page of this server. */
export async function requireOperatorAction(): Promise<Account> {
  if (!isSameOrigin({ headers: await headers() })) notFound();
  return requireOperator();
}
