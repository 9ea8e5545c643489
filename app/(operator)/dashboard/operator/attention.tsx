import Link from "next/link";
import { Section } from "@/components/dashboard/section";
import { Badge } from "@/components/ui/badge";
import { Sub, Table, Td, Th } from "@/components/ui/table";
import { formatCount, formatMoment, formatUsd } from "@/lib/format";
import type { UnmatchedView } from "@/lib/payments/chain/attention";
import type { Purchase } from "@/lib/purchases/schema";
import { AssignForm } from "./assign-form";

interface Props {
  purchases: Purchase[];
  transfers: UnmatchedView[];
  /** The email addresses of the purchases' accounts, by account id. */
  emails: Map<string, string>;
}

/** Payments, by card or on chain, that were not credited automatically. */
export function Attention({ purchases, transfers, emails }: Props) {
  const count = purchases.length + transfers.length;
  return (
    <Section
      title="Payments that need attention"
      action={count === 0 ? undefined : <Badge tone="warning">{formatCount(count)} waiting</Badge>}
    >
      {count === 0 ? (
        <p className="text-muted">None. Each payment that arrived was credited to its account.</p>
      ) : null}
      {purchases.length === 0 ? null : <Cards purchases={purchases} emails={emails} />}
      {transfers.length === 0 ? null : <Transfers transfers={transfers} />}
    </Section>
  );
}

function Cards({ purchases, emails }: Pick<Props, "purchases" | "emails">) {
  return (
    <>
      <Table edge="flush" caption="Card payments that were not credited">
        <thead>
          <tr>
            <Th>Paid by card</Th>
            <Th>Reason</Th>
            <Th num>Ordered</Th>
          </tr>
        </thead>
        <tbody>
          {purchases.map(
            ({ _id, accountId, createdAt, reason, amount, checkout, paymentIntent }) => (
              <tr key={_id}>
                <Td className="wrap-anywhere">
                  <Link
                    href={`/dashboard/operator/accounts/${accountId}`}
                    prefetch={false}
                    className="link"
                  >
                    {emails.get(accountId) ?? accountId}
                  </Link>
                  <Sub>{formatMoment(createdAt)}</Sub>
                </Td>
                <Td className="wrap-anywhere">
                  {reason ?? ""}
                  <Sub className="font-mono break-all">{checkout ?? paymentIntent}</Sub>
                </Td>
                <Td num>{formatUsd(amount)}</Td>
              </tr>
            ),
          )}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        Refund the payment at Stripe, or grant its credits on the account’s page.
      </p>
    </>
  );
}

function Transfers({ transfers }: Pick<Props, "transfers">) {
  return (
    <>
      <Table edge="flush" caption="Transfers from senders that no account has linked">
        <thead>
          <tr>
            <Th>Transfer</Th>
            <Th wide>From</Th>
            <Th num>Amount</Th>
            <Th>Assign to</Th>
          </tr>
        </thead>
        <tbody>
          {transfers.map(
            ({ id, hash, from, token, chainName, amount, foundAt, transactionUrl, senderUrl }) => (
              <tr key={id}>
                <Td>
                  <a href={transactionUrl} rel="noreferrer" className="link font-mono">
                    {ends(hash)}
                  </a>
                  <Sub>
                    {chainName}, {formatMoment(foundAt)}
                  </Sub>
                </Td>
                <Td wide>
                  <a href={senderUrl} rel="noreferrer" className="link font-mono">
                    {ends(from)}
                  </a>
                </Td>
                <Td num className="whitespace-nowrap">
                  {formatUsd(amount)}
                  <Sub>{token}</Sub>
                </Td>
                <Td className="md:w-80">
                  <AssignForm transfer={id} name={ends(hash)} />
                </Td>
              </tr>
            ),
          )}
        </tbody>
      </Table>
      <p className="text-sm text-muted">
        Sent from an exchange or from a wallet that is not linked. The transfer is verified on chain
        again and credited once.
      </p>
    </>
  );
}

/** The first and last characters of a hash or an address. */
const ends = (text: string) => `${text.slice(0, 8)}…${text.slice(-6)}`;
