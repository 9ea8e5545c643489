import { DocumentLink } from "@/components/ui/link";
import { Download } from "lucide-react";
import type { Metadata } from "next";
import { PageHeader } from "@/components/dashboard/page-header";
import { Section } from "@/components/dashboard/section";
import { BuyForm } from "@/components/billing/buy-form";
import { CardReturn } from "@/components/billing/card-return";
import { PaymentProgress } from "@/components/billing/payment-progress";
import { Amount } from "@/components/ui/amount";
import { buttonStyle } from "@/components/ui/button";
import { FigureStrip } from "@/components/ui/figure-strip";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import type { Account } from "@/lib/accounts/schema";
import { requireMember, type AccountMember } from "@/lib/auth/member";
import { emailConfigured } from "@/lib/email/send";
import { env } from "@/lib/env";
import { formatCount, formatUsd, roundToMicro } from "@/lib/format";
import { listMovements } from "@/lib/payments/movements";
import { PACKS, PURCHASE_MAX, PURCHASE_MIN } from "@/lib/payments/purchase-amount";
import { cardsConfigured } from "@/lib/payments/cards/stripe-client";
import { findOwnPurchase, listPurchases } from "@/lib/purchases/queries";
import { buyCreditsAction, followCard, followPayment } from "./actions";
import { CardPanels } from "./card-panels";
import { nextStep } from "../next-step";
import { CryptoSection } from "./crypto-section";
import { Ledger } from "./ledger";
import { OpenPayments } from "./open-payments";
import { paymentState } from "./payment-state";
import { CreditsQuery } from "./query";

export const metadata: Metadata = { title: "Credits" };

export default async function CreditsPage({ searchParams }: PageProps<"/dashboard/credits">) {
  const query = CreditsQuery.parse(await searchParams);
  const member = await requireMember("credits:view", "/dashboard/credits");
  const { account } = member;
  const [movements, purchases] = await Promise.all([
    listMovements(account),
    listPurchases({ accountId: account._id, limit: 20 }),
  ]);
  // Whoever comes back without having paid finds the amount that they chose.
  const lastTry = purchases.find(
    ({ _id, status }) => _id === (query.cancelled ?? query.payment) && status !== "posted",
  );
  return (
    <>
      <PageHeader title="Credits" line="One credit is one US dollar. Credits are prepaid." />
      <StripeReturn member={member} query={query} />
      <Balance account={account} />
      <div className="grid grid-cols-2 gap-7 max-lg:grid-cols-1">
        <BuyByCard lastTry={lastTry?.amount} />
        <CryptoSection member={member} />
      </div>
      {cardsConfigured() ? <CardPanels account={account} /> : null}
      <OpenPayments purchases={purchases} currentPurchase={query.payment} />
      <Section
        title="Ledger"
        action={
          <DocumentLink
            href="/dashboard/credits/export"
            download
            className={buttonStyle({ size: "sm" })}
          >
            <Download aria-hidden="true" />
            Export CSV
          </DocumentLink>
        }
      >
        <Ledger movements={movements} page={query.page} />
      </Section>
    </>
  );
}

/** Shown when the buyer returns from a page at Stripe. */
async function StripeReturn({ member, query }: { member: AccountMember; query: CreditsQuery }) {
  const { account } = member;
  const { payment, cancelled: isCanceled, card } = query;
  if (card) return <CardReturn session={card} follow={followCard} />;
  if (isCanceled)
    return (
      <Notice>
        The payment was canceled and nothing was charged. Your balance has not changed.
      </Notice>
    );
  const purchase = payment ? await findOwnPurchase({ accountId: account._id, id: payment }) : null;
  if (!purchase) return null;
  return (
    <PaymentProgress
      purchase={purchase._id}
      amount={formatUsd(purchase.amount)}
      initial={paymentState(purchase)}
      mails={emailConfigured()}
      next={await nextStep(member)}
      follow={followPayment}
    />
  );
}

/**
 * Available = ledger − used − held. It always holds, because the four figures come from one document; rounded to six decimals,
 * what is available never seems more than it is, and what is held takes up the difference.
 */
function Balance({ account }: { account: Account }) {
  const ledgerTotal = roundToMicro(account.posted, "down");
  const credits = roundToMicro(account.credits, "down");
  const open = account.holds.filter((hold) => !hold.free && hold.amount > 0);
  const isHeld = open.length > 0;
  const usageTotal = isHeld ? roundToMicro(account.charged, "up") : ledgerTotal - credits;
  const heldCredits = isHeld ? ledgerTotal - usageTotal - credits : 0;
  return (
    <FigureStrip
      figures={[
        { term: "Available", figure: <Amount nano={credits} />, note: "what a request can use" },
        {
          term: "Ledger",
          operator: "=",
          figure: <Amount nano={ledgerTotal} />,
          note: "purchases and grants, less refunds",
        },
        {
          term: "Used",
          operator: "−",
          figure: <Amount nano={usageTotal} />,
          note: "by requests, until now",
        },
        {
          term: "Held",
          operator: "−",
          figure: <Amount nano={heldCredits} />,
          note:
            open.length === 0
              ? "no open request"
              : `${formatCount(open.length)} open ${open.length === 1 ? "request" : "requests"}, at maximum cost`,
        },
      ]}
    />
  );
}

function BuyByCard({ lastTry }: { lastTry: number | undefined }) {
  if (!cardsConfigured())
    return (
      <Panel title="Buy by card">
        <Notice>Payments by card are not set up on this server.</Notice>
      </Panel>
    );
  const { purchaseFeeBps: bps, purchaseFeeFixed: fixedFee } = env();
  return (
    <Panel
      title="Buy by card"
      action={<span className="text-sm text-muted">Stripe Checkout</span>}
      footer={<span>Credited when Stripe reports the payment as paid.</span>}
    >
      <BuyForm
        action={buyCreditsAction}
        packs={PACKS}
        first={lastTry === undefined ? undefined : formatUsd(lastTry).slice(1).replaceAll(",", "")}
        min={PURCHASE_MIN}
        max={PURCHASE_MAX}
        fee={{ bps, fixed: fixedFee }}
      />
    </Panel>
  );
}
