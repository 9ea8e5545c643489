import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { NextStepLine } from "@/components/billing/next-step";
import { PrintButton } from "@/components/billing/print-button";
import { Logo } from "@/components/site/logo";
import { Amount } from "@/components/ui/amount";
import { Table, Td, Th } from "@/components/ui/table";
import { isTeam } from "@/lib/accounts/schema";
import { requireMember } from "@/lib/auth/member";
import { env } from "@/lib/env";
import { formatDay, formatTime } from "@/lib/format";
import { findReceipt } from "@/lib/ledger/queries";
import type { LedgerEntry } from "@/lib/ledger/schema";
import { receiptLines, receiptNumber, sourceOf } from "@/lib/payments/receipt";
import { nextStep } from "../../next-step";

export const metadata: Metadata = { title: "Receipt" };

/** A receipt for reading and printing. Another account's receipt is the same 404 as a missing one. */
export default async function ReceiptPage({ params }: PageProps<"/dashboard/receipts/[id]">) {
  const member = await requireMember("credits:view", "/dashboard/credits");
  const { account } = member;
  const receipt = await findReceipt({
    accountId: account._id,
    sourceId: sourceId((await params).id),
  });
  if (!receipt) notFound();
  const { purchase, claims } = receipt;
  const { billing } = purchase.stripe ?? {};
  return (
    <article className="grid max-w-160 gap-8">
      <header className="flex flex-wrap items-start justify-between gap-4">
        <div className="grid gap-3">
          <Logo />
          <h1 className="text-xl font-strong">Receipt</h1>
        </div>
        <PrintButton />
      </header>
      <dl className="grid grid-cols-2 gap-6 max-md:grid-cols-1">
        <Fact term="Number">
          <span className="tabular-nums">{receiptNumber(purchase)}</span>
        </Fact>
        <Fact term="Date">
          <span className="tabular-nums">
            {formatDay(purchase.at)}, {formatTime(purchase.at)} UTC
          </span>
        </Fact>
        <Fact term="Sold by">
          OneKey
          <br />
          {new URL(env().nextauthUrl).host}
        </Fact>
        <Fact term="Sold to">
          {[
            billing?.name ?? account.name,
            ...(billing?.address ?? []),
            isTeam(account) ? undefined : account.email,
            ...(billing?.taxIds ?? []),
          ]
            .filter(Boolean)
            .map((line) => (
              <span key={line} className="block break-words">
                {line}
              </span>
            ))}
        </Fact>
        <Fact term="Paid by">
          {sourceOf(purchase)}
          {purchase.stripe?.automatic ? (
            <span className="block text-muted">by automatic top-up</span>
          ) : null}
        </Fact>
        <Fact term={purchase.chain ? "Transaction" : "Payment"}>
          <span className="font-mono text-sm break-all">
            {purchase.chain?.hash ?? purchase._id}
          </span>
        </Fact>
      </dl>
      <Lines purchase={purchase} />
      {claims.length > 0 ? <Claims claims={claims} /> : null}
      <p className="text-sm text-muted">
        One credit is one US dollar at the providers’ list prices. Credits are prepaid.
        {env().mode === "sandbox" ? " This receipt is from the sandbox. No money was paid." : ""}
      </p>
      <NextStepLine step={await nextStep(member)} />
    </article>
  );
}

function sourceId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid content-start gap-1">
      <dt className="text-sm text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Lines({ purchase }: { purchase: LedgerEntry }) {
  const lines = receiptLines(purchase);
  const total = lines.at(-1);
  return (
    <Table edge="flush" size="page" caption="Purchased items">
      <thead>
        <tr>
          <Th>Item</Th>
          <Th num>Amount, US dollars</Th>
        </tr>
      </thead>
      <tbody>
        {lines.slice(0, -1).map(({ name, amount }) => (
          <tr key={name}>
            <Td>{name}</Td>
            <Td num>
              <Amount nano={amount} as="price" />
            </Td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <Td>{total?.name}</Td>
          <Td num>
            <Amount nano={total?.amount ?? 0} as="price" />
          </Td>
        </tr>
      </tfoot>
    </Table>
  );
}

function Claims({ claims }: { claims: LedgerEntry[] }) {
  return (
    <section className="grid gap-3">
      <h2 className="text-base">Later changes</h2>
      <Table edge="flush" size="page" caption="Refunds and disputes">
        <thead>
          <tr>
            <Th>Date</Th>
            <Th>Change</Th>
            <Th num>Credits</Th>
          </tr>
        </thead>
        <tbody>
          {claims.map((claim) => (
            <tr key={claim._id}>
              <Td className="whitespace-nowrap tabular-nums">{formatDay(claim.at)}</Td>
              <Td>{claim.reason ?? (claim.kind === "refund" ? "Refunded" : claimWords(claim))}</Td>
              <Td num>
                <Amount nano={claim.amount} as="price" withSign />
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

const claimWords = ({ claimed: claimAmount = 0 }: LedgerEntry) =>
  claimAmount < 0 ? "Withdrawn by the buyer’s bank" : "Dispute won: credits returned";
