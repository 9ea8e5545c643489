import type { Metadata } from "next";
import Link from "next/link";
import { notFound, permanentRedirect } from "next/navigation";
import { pricedModel, pricesAsOf, priceNow } from "@/app/catalog";
import { publicAddress } from "@/app/public-address";
import { JsonLd } from "@/components/site/json-ld";
import { PageHead, SitePage } from "@/components/site/page";
import { Rows } from "@/components/site/rows";
import { CodeTabs } from "@/components/ui/code-tabs";
import { findModel, isOffered } from "@/lib/catalog/queries";
import { formatDay, formatSize, formatUsd } from "@/lib/format";
import type { Model } from "@/lib/catalog/schema";
import { providerName, providerRecord } from "@/lib/providers";
import { endpointPaths } from "../paths";
import { Prices } from "./prices";
import { snippetsOf } from "./snippets";

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
  const priced = model && pricedModel(model.id);
  const price = model && priceNow(model);
  if (!model || !priced || !price) notFound();
  // An alias has the page of what it stands for.
  if (model.id !== id) permanentRedirect(`/models/${model.id}`);
  const address = await publicAddress();
  const facts: [string, React.ReactNode][] = [
    ["Model id", <Ids key="id" ids={[model.id]} />],
    ...(model.aliases.length > 0
      ? ([
          ["Also called", <Ids key="aliases" ids={model.aliases.map((alias) => alias.id)} />],
        ] as const)
      : []),
    ["Provider", providerName(model.provider)],
    ["Takes", model.modalities.input.join(", ")],
    ["Gives", model.modalities.output.join(", ")],
    ["Context", `${formatSize(model.context)} tokens`],
    ...(priced.maxOutput === null || model.kind !== "text"
      ? []
      : ([["Max output", `${formatSize(priced.maxOutput)} tokens`]] as const)),
    ["Endpoints", <Ids key="endpoints" ids={endpointPaths(model)} />],
    ...(priced.units.length > 0 ? ([["Other prices", priced.units.join(", ")]] as const) : []),
    ["Trains on API data", providerRecord(model.provider).policy.trains],
  ].map(([term, value]) => [String(term), value]);
  return (
    <SitePage current="models">
      <JsonLd
        data={{
          "@context": "https://schema.org",
          "@type": "BreadcrumbList",
          itemListElement: [
            { "@type": "ListItem", position: 1, name: "Models", item: `${address}/models` },
            {
              "@type": "ListItem",
              position: 2,
              name: model.name,
              item: `${address}/models/${model.id}`,
            },
          ],
        }}
      />
      <div className="wrap pb-24">
        <PageHead title={model.name}>
          By {providerName(model.provider)}, at its list price of {formatUsd(priced.input)} a
          million input tokens and {formatUsd(priced.output)} output.
          {model.retires === undefined
            ? null
            : ` It ends on ${formatDay(new Date(model.retires))}.`}
          {model.retires === undefined && model.status === "legacy"
            ? " There is a newer model of its line."
            : null}
          {model.replacedBy === undefined ? null : (
            <>
              {" "}
              Send{" "}
              <Link href={`/models/${model.replacedBy}`} className="link">
                {model.replacedBy}
              </Link>{" "}
              instead.
            </>
          )}
        </PageHead>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-14">
          <section className="grid grid-cols-[minmax(0,1fr)] gap-4">
            <h2 className="text-xl font-strong">Use it</h2>
            <div className="max-w-3xl">
              <CodeTabs label={`Call ${model.name}`} snippets={snippetsOf({ model, address })} />
            </div>
          </section>
          <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
            <h2 className="text-xl font-strong">What it costs</h2>
            <Prices rates={price.rates} tiers={price.serviceTiers ?? {}} />
            <p className="max-w-prose text-base text-muted">
              In force since {formatDay(new Date(price.from))}, shown as of {pricesAsOf()}. One
              credit is one dollar; a request is billed at the price of the moment it starts.
              {model.note === undefined ? null : ` ${model.note}`}{" "}
              <Link href={`/pricing?model=${model.id}`} className="link">
                Work out a request
              </Link>
            </p>
          </section>
          <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
            <h2 className="text-xl font-strong">What it is</h2>
            <Rows caption={`Facts of ${model.name}`} heads={["Fact", model.name]} rows={facts} />
          </section>
        </div>
      </div>
    </SitePage>
  );
}

/** The page of a model that is no longer on offer: links to it and bookmarks of it stay good. */
function RetiredModel({ model: { name, retires, replacedBy, released } }: { model: Model }) {
  const day = retires ?? released;
  return (
    <SitePage current="models">
      <div className="wrap pb-24">
        <PageHead title={name}>
          {retires === undefined ? "It can be called from " : "It ended on "}
          {formatDay(new Date(day))}.
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

function Ids({ ids }: { ids: string[] }) {
  return ids.map((id) => (
    <code key={id} className="block w-fit font-mono text-sm wrap-anywhere">
      {id}
    </code>
  ));
}
