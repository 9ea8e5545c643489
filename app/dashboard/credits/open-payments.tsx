import { Section } from "@/components/dashboard/section";
import { Badge } from "@/components/ui/badge";
import { Table, Td, Th } from "@/components/ui/table";
import { formatDay, formatUsd } from "@/lib/format";
import { NEVER_PAID } from "@/lib/payments/cards/settle-checkout";
import type { Purchase } from "@/lib/purchases/schema";

/** Payments that are not in the ledger, and why. Checkouts that were never paid are left out. */
export function OpenPayments({
  purchases,
  currentPurchase,
}: {
  purchases: Purchase[];
  currentPurchase: string | undefined;
}) {
  const open = purchases.filter(
    ({ _id, status, processing, reason, kind }) =>
      _id !== currentPurchase &&
      (status === "attention" ||
        (status === "refused" && reason !== NEVER_PAID) ||
        (status === "open" && (processing || kind === "top-up"))),
  );
  if (open.length === 0) return null;
  return (
    <Section title="Payments not credited">
      <Table edge="flush" caption="Payments that are not credited, and why">
        <thead>
          <tr>
            <Th>Date</Th>
            <Th>State</Th>
            <Th num>Amount</Th>
          </tr>
        </thead>
        <tbody>
          {open.map((purchase) => (
            <tr key={purchase._id}>
              <Td className="whitespace-nowrap tabular-nums">{formatDay(purchase.createdAt)}</Td>
              <Td>
                <State purchase={purchase} />
              </Td>
              <Td num>{formatUsd(purchase.amount)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function State({ purchase: { status, reason, processing } }: { purchase: Purchase }) {
  if (status === "open")
    return (
      <span className="text-muted">{processing ? "Waiting for the bank" : "Being charged"}</span>
    );
  return (
    <>
      <Badge tone={status === "attention" ? "warning" : "danger"}>
        {status === "attention" ? "Waiting for the operator" : "Not paid"}
      </Badge>{" "}
      {reason}
    </>
  );
}
