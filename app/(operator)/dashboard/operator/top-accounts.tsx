import Link from "next/link";
import { changeText, measures } from "@/app/dashboard/usage/measures";
import { Section } from "@/components/dashboard/section";
import { Amount } from "@/components/ui/amount";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { labelsOf } from "@/lib/accounts/queries";
import { formatCount, formatUsd, splitUsd } from "@/lib/format";
import type { AccountSales } from "@/lib/usage/sales";
import { shareText } from "./revenue";

const TOP = 10;

/** The accounts that were charged the most in so many days. */
export async function TopAccounts({ accounts, days }: { accounts: AccountSales[]; days: number }) {
  const top = accounts
    .filter(({ requests }) => requests > 0)
    .toSorted((a, b) => b.cost - a.cost || b.requests - a.requests)
    .slice(0, TOP);
  const labels = await labelsOf(top.map(({ accountId }) => accountId));
  const total = accounts.reduce((sum, { cost }) => sum + cost, 0);
  const pad = Math.max(6, ...top.map(({ cost }) => splitUsd(cost).part.length));
  return (
    <Section title={`Top accounts, ${days} days`}>
      {top.length === 0 ? (
        <p className="text-muted">No account sent a request in these {days} days.</p>
      ) : (
        <Table edge="flush" hover caption={`Accounts by what they were charged in ${days} days`}>
          <thead>
            <tr>
              <Th>Account</Th>
              <Th num wide>
                Requests
              </Th>
              <Th num>Charged</Th>
              <Th num wide>
                Share
              </Th>
              <Th num wide>
                Change
              </Th>
            </tr>
          </thead>
          <tbody>
            {top.map(({ accountId, requests, cost, costBefore, freeCost }) => (
              <tr key={accountId} className="relative">
                <Td>
                  <Link
                    href={`/dashboard/operator/accounts/${accountId}`}
                    prefetch={false}
                    className="wrap-anywhere after:absolute after:inset-0 focus-visible:outline-offset-0"
                  >
                    {labels.get(accountId) ?? accountId}
                  </Link>
                  {freeCost === 0 ? null : (
                    <Sub>free requests worth {formatUsd(freeCost)} in addition</Sub>
                  )}
                </Td>
                <Td num wide>
                  {formatCount(requests)}
                </Td>
                <Td num>
                  <Amount nano={cost} pad={pad} />
                </Td>
                <Td num wide>
                  {shareText(cost, total)}
                </Td>
                <Td num wide>
                  {changeText(measures.cost, cost, costBefore) ?? "—"}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}
