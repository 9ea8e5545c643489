import type { Metadata } from "next";
import Link from "next/link";
import { notFound, permanentRedirect } from "next/navigation";
import { pricedModel, pricesAsOf, priceNow } from "@/app/catalog";
import { publicAddress } from "@/app/public-address";
import { PriceLines } from "@/app/(site)/changelog/price-lines";
import { Band } from "@/components/site/band";
import { JsonLd } from "@/components/site/json-ld";
import { PageHead, SitePage } from "@/components/site/page";
import { CodeTabs } from "@/components/ui/code-tabs";
import { findModel, isOffered } from "@/lib/catalog/queries";
import type { Model, Rates } from "@/lib/catalog/schema";
import { formatDay, formatSize, formatUsd } from "@/lib/format";
import { providerName } from "@/lib/providers";
import { Dates } from "./dates";
import { Facts } from "./facts";
import { Head } from "./head";
import { Prices } from "./prices";
import { RequestCosts } from "./request-costs";
import { Siblings } from "./siblings";
import { snippetsOf } from "./snippets";
import { modelSpeed } from "./speed";

export async function generateMetadata({ params }: PageProps<"/models/[id]">): Promise<Metadata> {
  const model = pricedModel((await params).id);
  if (model === null) return {};
  return {
    title: `${model.name}: price and limits`,
    description: `${model.name} by ${providerName(model.provider)} through OneKey: ${formatUsd(model.input)} a million input tokens, ${formatUsd(model.output)} output, a context of ${formatSize(model.context)} tokens.`,
    alternates: { canonical: `/models/${model.id}` },
  };
}

export default async function ModelPage({ params }: PageProps<"/models/[id]">) {
  const { id } = await params;
  const model = findModel(id);
  if (model && !isOffered(model)) return <RetiredModel model={model} />;
  const pricing = model && pricedModel(model.id);
  const price = model && priceNow(model);
  if (!model || !pricing || !price) notFound();
  // An alias has the page of what it stands for.
  if (model.id !== id) permanentRedirect(`/models/${model.id}`);
  const [address, speed] = await Promise.all([publicAddress(), modelSpeed(model.id)]);
  return (
    <SitePage current="models">
      <JsonLd data={breadcrumbs({ address, id, name: model.name })} />
      <Head model={model} pricing={pricing} speed={speed} />
      <Band
        id="use"
        title="Use it"
        notes={["The name of the model is all that changes between providers."]}
      >
        <div className="min-w-0">
          <CodeTabs label={`Call ${model.name}`} snippets={snippetsOf({ model, address })} />
        </div>
      </Band>
      <Band id="cost" title="What it costs" notes={["US dollars. One credit is one dollar."]}>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
          <Prices
            rates={price.rates}
            tiers={price.serviceTiers ?? {}}
            factors={{ speed: model.speeds, inference_geo: model.geos }}
          />
          <p className="max-w-prose text-base text-muted">
            In force since {formatDay(new Date(price.from))}, shown as of {pricesAsOf()}. A request
            is charged at the price of the time when it starts.{callPrices(price.rates)}{" "}
            <Link href={`/pricing?model=${model.id}`} className="link">
              Calculate a request
            </Link>
          </p>
        </div>
      </Band>
      {model.kind === "text" ? (
        <Band
          id="requests"
          title="What a request costs"
          notes={["Token counts of four usual requests, at the standard price."]}
        >
          <RequestCosts rates={price.rates} />
        </Band>
      ) : null}
      {model.prices.length > 1 ? (
        <Band
          id="history"
          title="Price history"
          notes={["A change never applies to a request that has started."]}
        >
          <PriceLines
            prices={model.prices.map((after, index) => ({
              model,
              before: model.prices[index - 1] ?? null,
              after,
            }))}
            hasDates
          />
        </Band>
      ) : null}
      <Band id="facts" title="What it does" notes={[]}>
        <Facts model={model} pricing={pricing} />
      </Band>
      <Band id="dates" title="Dates" notes={["As the provider states them."]}>
        <Dates model={model} since={price.from} />
      </Band>
      <Band id="siblings" title="Same provider" notes={["Current models, by the price of output."]}>
        <Siblings model={model} />
      </Band>
    </SitePage>
  );
}

/** The page of a model that is not offered: links to it and bookmarks of it stay good. */
function RetiredModel({ model: { name, retires, replacedBy, released } }: { model: Model }) {
  return (
    <SitePage current="models">
      <div className="wrap pb-24">
        <PageHead title={name}>
          {retires === undefined ? "It can be called from " : "It ended on "}
          {formatDay(new Date(retires ?? released))}.
          {replacedBy === undefined ? null : (
            <>
              {" "}
              Send{" "}
              <Link href={`/models/${replacedBy}`} className="link">
                {replacedBy}
              </Link>{" "}
              instead.
            </>
          )}
        </PageHead>
        <Link href="/models/changes" className="link">
          Changes of the catalog
        </Link>
      </div>
    </SitePage>
  );
}

function breadcrumbs({ address, id, name }: { address: string; id: string; name: string }) {
  return {
    "@context": "https://schema.org",
    "@type": "BreadcrumbList",
    itemListElement: [
      { "@type": "ListItem", position: 1, name: "Models", item: `${address}/models` },
      { "@type": "ListItem", position: 2, name, item: `${address}/models/${id}` },
    ],
  };
}

const CALLS: Record<string, string> = {
  webSearch: "Web search",
  webSearchPreview: "The preview of web search",
  groundedPrompt: "Grounding with search",
};

/** " Web search costs $10.00 per 1,000 calls." for each tool that the provider runs and charges by call. */
const callPrices = ({ perCall = {} }: Rates): string =>
  Object.entries(perCall)
    .filter(([tool]) => CALLS[tool] !== undefined)
    .map(([tool, price]) => ` ${CALLS[tool]} costs ${formatUsd(price * 1_000)} per 1,000 calls.`)
    .join("");
