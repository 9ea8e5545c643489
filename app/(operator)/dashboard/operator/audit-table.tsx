import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { labelsOf } from "@/lib/accounts/queries";
import type { OperatorAction } from "@/lib/operator-actions/schema";
import { formatDay, formatTime, formatUsd } from "@/lib/format";

const labels: Record<OperatorAction["what"], string> = {
  grant: "Granted credits",
  suspend: "Suspended",
  lift: "Lifted the suspension",
  assign: "Assigned a transfer",
};

/** Operator actions: time, operator, action, account, amount, reason. */
export async function AuditTable({ actions }: { actions: OperatorAction[] }) {
  const emails = await labelsOf(
    actions.flatMap(({ operator, accountId }) => [accountId, operator ?? []].flat()),
  );
  if (actions.length === 0)
    return (
      <p className="text-muted">
        No actions yet. Grants, suspensions and assigned transfers appear here.
      </p>
    );
  return (
    <Table edge="flush" caption="Operator actions, newest first">
      <thead>
        <tr>
          <Th>When (UTC)</Th>
          <Th wide>Who</Th>
          <Th>Action</Th>
          <Th wide>Account</Th>
          <Th num>Amount</Th>
          <Th wide>Reason</Th>
        </tr>
      </thead>
      <tbody>
        {actions.map((action) => {
          const operatorName =
            action.operator === null
              ? "command line"
              : (emails.get(action.operator) ?? action.operator);
          const accountLink = (
            <AccountLink id={action.accountId} email={emails.get(action.accountId)} />
          );
          return (
            <tr key={action._id}>
              <Td className="whitespace-nowrap tabular-nums">
                {formatDay(action.at)}
                <Sub>{formatTime(action.at)}</Sub>
              </Td>
              <Td
                wide
                className={
                  action.operator === null ? "whitespace-nowrap text-muted" : "wrap-anywhere"
                }
              >
                {operatorName}
              </Td>
              <Td>
                {labels[action.what]}
                {action.done ? null : (
                  <span className="block">
                    <Badge tone="warning">not finished</Badge>
                  </span>
                )}
                <Sub className="wrap-anywhere md:hidden">
                  {accountLink}, by {operatorName}
                  {action.reason === undefined ? "" : `: ${action.reason}`}
                </Sub>
                {action.entry === undefined ? null : (
                  <Sub className="font-mono whitespace-nowrap" title={action.entry}>
                    {shortOf(action.entry)}
                  </Sub>
                )}
              </Td>
              <Td wide className="wrap-anywhere">
                {accountLink}
              </Td>
              <Td num className="whitespace-nowrap">
                {action.amount === undefined ? "" : formatUsd(action.amount)}
              </Td>
              <Td wide className="wrap-anywhere">
                {action.reason ?? ""}
              </Td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

function AccountLink({ id, email }: { id: string; email: string | undefined }) {
  return (
    <Link href={`/dashboard/operator/accounts/${id}`} prefetch={false} className="link">
      {email ?? id}
    </Link>
  );
}

/** An id is longer than the column, so its start and its end are shown. */
const shortOf = (entry: string) => `${entry.slice(0, 12)}…${entry.slice(-6)}`;
