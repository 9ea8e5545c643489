import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { emailsOf } from "@/lib/accounts/queries";
import type { OperatorAction } from "@/lib/operator-actions/schema";
import { formatDay, formatTime, formatUsd } from "@/lib/format";

const words: Record<OperatorAction["what"], string> = {
  grant: "Granted credits",
  suspend: "Suspended",
  lift: "Lifted the suspension",
  assign: "Assigned a transfer",
};

/** What operators did: who, what, when, to which account, why. */
export async function Trail({ acts }: { acts: OperatorAction[] }) {
  const emails = await emailsOf(
    acts.flatMap(({ operator, accountId }) => [accountId, operator ?? []].flat()),
  );
  if (acts.length === 0)
    return (
      <p className="text-muted">
        Nothing yet. Each grant, suspension and assigned transfer stands here.
      </p>
    );
  return (
    <Table edge="flush" caption="What operators did, the newest first">
      <thead>
        <tr>
          <Th>When (UTC)</Th>
          <Th wide>Who</Th>
          <Th>What</Th>
          <Th wide>Account</Th>
          <Th num>Amount</Th>
          <Th wide>Reason</Th>
        </tr>
      </thead>
      <tbody>
        {acts.map((act) => {
          const who =
            act.operator === null ? "command line" : (emails.get(act.operator) ?? act.operator);
          const whom = <Whom id={act.accountId} email={emails.get(act.accountId)} />;
          return (
            <tr key={act._id}>
              <Td className="whitespace-nowrap tabular-nums">
                {formatDay(act.at)}
                <Sub>{formatTime(act.at)}</Sub>
              </Td>
              <Td
                wide
                className={act.operator === null ? "whitespace-nowrap text-muted" : "wrap-anywhere"}
              >
                {who}
              </Td>
              <Td>
                {words[act.what]}
                {act.done ? null : (
                  <span className="block">
                    <Badge tone="warning">not finished</Badge>
                  </span>
                )}
                <Sub className="wrap-anywhere md:hidden">
                  {whom}, by {who}
                  {act.reason === undefined ? "" : `: ${act.reason}`}
                </Sub>
                {act.entry === undefined ? null : (
                  <Sub className="font-mono whitespace-nowrap" title={act.entry}>
                    {shortOf(act.entry)}
                  </Sub>
                )}
              </Td>
              <Td wide className="wrap-anywhere">
                {whom}
              </Td>
              <Td num className="whitespace-nowrap">
                {act.amount === undefined ? "" : formatUsd(act.amount)}
              </Td>
              <Td wide className="wrap-anywhere">
                {act.reason ?? ""}
              </Td>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}

function Whom({ id, email }: { id: string; email: string | undefined }) {
  return (
    <Link href={`/dashboard/operator/accounts/${id}`} prefetch={false} className="link">
      {email ?? id}
    </Link>
  );
}

/** An id is longer than the column: its two ends tell it. */
const shortOf = (entry: string) => `${entry.slice(0, 12)}…${entry.slice(-6)}`;
