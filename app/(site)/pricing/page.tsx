import type { Metadata } from "next";
import Link from "next/link";
import { PriceTable } from "@/components/site/price-table";
import { Band } from "@/components/site/band";
import { DashList } from "@/components/site/doc";
import { JsonLd } from "@/components/site/json-ld";
import { PageHead, SitePage } from "@/components/site/page";
import { FREE_REQUESTS } from "@/lib/accounts/schema";
import { listModels, ratesAt } from "@/lib/catalog/queries";
import { env } from "@/lib/env";
import { formatUsd } from "@/lib/format";
import { providerName } from "@/lib/providers";
import { pricesAsOf, textModels } from "../../catalog";
import { publicAddress } from "../../public-address";
import { Calculator, type CalculatorModel } from "./calculator";

export const metadata: Metadata = {
  title: "Pricing",
  description:
    "The provider’s list price, prepaid in credits of one dollar. A calculator for every model.",
  alternates: { canonical: "/pricing" },
};

const START = "claude-sonnet-5-5";

export default async function PricingPage({ searchParams }: PageProps<"/pricing">) {
  const { model: asked } = await searchParams;
  const { freeCreditsMax, purchaseFeeBps, purchaseFeeFixed } = env();
  const address = await publicAddress();
  const models = calculatorModels();
  const current = textModels().filter((model) => model.status === "current");
  const start =
    models.find(({ id }) => id === asked) ?? models.find(({ id }) => id === START) ?? models[0];
  return (
    <SitePage current="pricing">
      <JsonLd data={offer({ address, free: formatUsd(freeCreditsMax) })} />
      <div className="wrap">
        <PageHead title="Pricing">
          A request costs what the provider lists for it, to the ninth decimal of a dollar. You pay
          in advance, in credits: one credit is one dollar.
        </PageHead>
      </div>
      <Band
        id="calculator"
        title="What a request costs"
        notes={[
          "Worked out here by the same function that bills a request: every kind of token times its price, rounded up once.",
        ]}
      >
        {start === undefined ? null : (
          <Calculator models={models} start={start.id} key={start.id} />
        )}
      </Band>
      <Band
        id="how"
        title="How you pay"
        notes={["What is held, charged and given back, in the order it happens."]}
      >
        <DashList
          items={[
            `Every account starts with ${FREE_REQUESTS} free requests on any model, together worth at most ${formatUsd(freeCreditsMax)} at list price. No card needed. Where many accounts come from one network or email domain on one day, further ones get them with the first purchase.`,
            `Credits are bought in advance. ${feeOf(purchaseFeeBps, purchaseFeeFixed)}`,
            "Before a request goes on, its worst case is held. When it ends, it is settled to what it cost, and the rest is yours again.",
            "What a provider refused or never received costs nothing, and gives a free request back.",
            "The price of a request is frozen when it starts. Counting tokens and moderation cost nothing.",
            "There is no subscription, no seat and no minimum.",
          ]}
        />
      </Band>
      <Band
        id="prices"
        title="Current text models"
        notes={[
          `US dollars per million tokens, as of ${pricesAsOf()}.`,
          <Link key="models" href="/models" className="link">
            All models, older ones too
          </Link>,
        ]}
      >
        <PriceTable
          rows={current.map((model) => ({ ...model, provider: providerName(model.provider) }))}
        />
      </Band>
    </SitePage>
  );
}

function calculatorModels(): CalculatorModel[] {
  const at = new Date();
  return listModels().flatMap((model) => {
    const rates = model.kind === "text" ? ratesAt({ model, at }) : null;
    return rates === null
      ? []
      : [{ id: model.id, name: model.name, provider: providerName(model.provider), rates }];
  });
}

function feeOf(bps: number, fixed: number): string {
  const parts = [...(bps > 0 ? [`${bps / 100} %`] : []), ...(fixed > 0 ? [formatUsd(fixed)] : [])];
  return parts.length === 0
    ? "There is no fee on a purchase."
    : `A purchase has a fee of ${parts.join(" and ")}, shown before you pay and on the receipt.`;
}

function offer({ address, free }: { address: string; free: string }) {
  return {
    "@context": "https://schema.org",
    "@type": "WebApplication",
    name: "OneKey",
    url: address,
    applicationCategory: "DeveloperApplication",
    operatingSystem: "Any",
    offers: {
      "@type": "Offer",
      price: "0",
      priceCurrency: "USD",
      description: `${FREE_REQUESTS} free requests worth up to ${free}; after that the provider’s list price, prepaid.`,
    },
  };
}
