import { listDebtors, personDigests } from "@/lib/accounts/person-digests";
import { findById } from "@/lib/accounts/queries";
import { countEntries } from "@/lib/ledger/queries";
import { post } from "@/lib/ledger/post";
import { findUser } from "./users";

/**
 * Moves what the deleted accounts of a person owe to the account that they sign in to: one ledger entry there and one that
 * clears the old account. Runs at each sign-in, since a payment may be disputed long after the deletion; may be repeated and
 * interrupted anywhere.
 */
export async function takeOverDebts(accountId: string): Promise<void> {
  const user = await findUser(accountId);
  if (user === null) return;
  const debtors = await listDebtors({ accountId, digests: personDigests(user) });
  for (const { _id: debtor } of debtors) {
    // Counted before the balance is read: if the debt is moved meanwhile, the ids below are those of that move.
    const moves = await countEntries({ accountId: debtor, kind: "debt" });
    const debt = (await findById(debtor))?.credits ?? 0;
    if (debt >= 0) continue;
    const id = `debt:${debtor}:${moves}`;
    const reason = "The balance of your deleted account.";
    const { amount } = await post({ sourceId: id, accountId, kind: "debt", amount: debt, reason });
    await post({
      sourceId: `${id}:cleared`,
      accountId: debtor,
      kind: "debt",
      amount: -amount,
      reason: "Taken over by the new account.",
    });
  }
}
