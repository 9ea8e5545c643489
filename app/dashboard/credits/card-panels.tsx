import { GoButton } from "@/components/billing/go-button";
import { TopUpForm } from "@/components/billing/top-up-form";
import { Badge } from "@/components/ui/badge";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import type { Account, TopUp } from "@/lib/accounts/schema";
import { monthOf } from "@/lib/accounts/windows";
import { formatDay, formatUsd } from "@/lib/format";
import { addCardAction, openPortalAction, saveTopUpAction, stopTopUpAction } from "./actions";

export function CardPanels({ account }: { account: Account }) {
  return (
    <div id="top-up" className="grid scroll-mt-4 grid-cols-2 gap-7 max-lg:grid-cols-1">
      <AutomaticTopUp account={account} />
      <SavedCardPanel account={account} />
    </div>
  );
}

function AutomaticTopUp({ account: { topUp, stripe } }: { account: Account }) {
  const on = topUp?.on ?? false;
  return (
    <Panel
      title="Automatic top-up"
      action={
        on ? <Badge tone="success">On</Badge> : <span className="text-sm text-muted">Off</span>
      }
      footer={
        <span>
          {topUp && on
            ? chargedNote(topUp)
            : "Charges the saved card when the balance falls below the amount you set."}
        </span>
      }
    >
      <div className="grid gap-4">
        {topUp?.stopped ? (
          <Notice tone="danger">
            Stopped on {formatDay(topUp.stopped.at)}. {topUp.stopped.reason} Nothing was charged.
          </Notice>
        ) : null}
        {stripe?.card ? (
          <TopUpForm
            key={String(on)}
            on={on}
            values={{
              threshold: dollars(topUp?.threshold ?? 10_000_000_000),
              amount: dollars(topUp?.amount ?? 25_000_000_000),
              monthlyMax: dollars(topUp?.monthlyMax ?? 200_000_000_000),
            }}
            save={saveTopUpAction}
            stop={stopTopUpAction}
          />
        ) : (
          <p className="max-w-prose text-muted">
            Automatic top-up needs a saved card. Add one here without paying, or save the card of
            your next purchase.
          </p>
        )}
      </div>
    </Panel>
  );
}

const dollars = (nano: number) => formatUsd(nano).replace(/[$,]/g, "");

function chargedNote({ month, monthlyMax }: TopUp): string {
  const monthCharges = month.at === monthOf(Date.now()) ? month.charged : 0;
  return `${formatUsd(monthCharges)} of ${formatUsd(monthlyMax)} charged this month. A failed charge turns automatic top-up off, and you get an email.`;
}

function SavedCardPanel({ account: { stripe } }: { account: Account }) {
  const card = stripe?.card;
  return (
    <Panel
      title="Card and billing details"
      footer={
        <span>
          Card numbers are stored only by Stripe. Receipts show your name, address and tax number.
        </span>
      }
    >
      <div className="grid content-start gap-4">
        <p>
          {card ? (
            <>
              {card.brand} ending in <span className="tabular-nums">{card.last4}</span>
              <span className="text-muted">, expires {card.expires}</span>
            </>
          ) : (
            <span className="text-muted">No card is saved.</span>
          )}
        </p>
        <div className="flex flex-wrap gap-2">
          <GoButton action={addCardAction}>{card ? "Change card" : "Add a card"}</GoButton>
          {stripe ? <GoButton action={openPortalAction}>Billing details at Stripe</GoButton> : null}
        </div>
      </div>
    </Panel>
  );
}
