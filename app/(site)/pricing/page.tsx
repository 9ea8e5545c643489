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
import { FeeTable } from "./fee-table";
import { purchaseFee } from "./fees";
import { Calculator, type CalculatorModel } from "./calculator";

export const metadata: Metadata = {
  title: "Pricing",
  description:
    "The provider’s list price, without markup, prepaid in credits of one dollar. A calculator for every model, and fees compared.",
  alternates: { canonical: "/pricing" },
};

const START = "claude-sonnet-5-5";

export default async function PricingPage({ searchParams }: PageProps<"/pricing">) {
  const { model: modelParam } = await searchParams;
  const { freeCreditsMax } = env();
  const fee = purchaseFee(env());
  const address = await publicAddress();
  const models = calculatorModels();
  const current = textModels().filter((model) => model.status === "current");
  const start =
    models.find(({ id }) => id === modelParam) ??
    models.find(({ id }) => id === START) ??
    models[0];
  return (
    <SitePage current="pricing">
      <JsonLd data={offer({ address, free: formatUsd(freeCreditsMax) })} />
      <div className="wrap">
        <PageHead title="Pricing">
          The provider’s list price, without markup. You pay in advance, in credits: one credit is
          one dollar.
        </PageHead>
      </div>
      <Band
        id="calculator"
        title="What a request costs"
        notes={[
          "Calculated by the same function that bills a request: each kind of token times its price, rounded up once.",
        ]}
      >
        {start === undefined ? null : (
          <Calculator models={models} start={start.id} key={start.id} />
        )}
      </Band>
      <Band
        id="fees"
        title="No markup"
        notes={[
          "A token costs here what it costs at the provider. OneKey adds nothing to it.",
          "The operator may set a fee on purchases; this page and the receipt then state it.",
        ]}
      >
        <FeeTable />
      </Band>
      <Band
        id="how"
        title="How you pay"
        notes={["What is held, charged and returned, in the order in which it happens."]}
      >
        <DashList
          items={[
            `Every account starts with ${FREE_REQUESTS} free requests on any model, together worth at most ${formatUsd(freeCreditsMax)} at list price. No card needed. Where many accounts come from one network or email domain on one day, further ones get them with their first purchase.`,
            `Credits are bought in advance. ${fee === null ? "There is no fee on a purchase." : `A purchase has a fee of ${fee}, shown before you pay and on the receipt.`}`,
            "Before a request is sent, its maximum cost is held. When it ends, you are charged what it cost, and the rest returns to your balance.",
            "A request that a provider refused or never received costs nothing, and its free request returns.",
            "A request is charged at the price of the time when it starts. Counting tokens and moderation cost nothing.",
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
            All models, with older ones
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
