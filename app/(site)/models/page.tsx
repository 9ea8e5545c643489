import { Search as SearchIcon } from "lucide-react";
import type { Metadata } from "next";
import Form from "next/form";
import Link from "next/link";
import { PageHead, SitePage } from "@/components/site/page";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { SubmitOnChange } from "@/components/ui/submit-on-change";
import { ModelKind } from "@/lib/catalog/schema";
import { providerIds, providerName } from "@/lib/providers";
import { ABILITIES, abilityNames, pricedModels, pricesAsOf } from "../../catalog";
import { ModelTable } from "./model-table";
import { CopyOnClick } from "@/components/ui/copy-on-click";
import { addressOf, matching, Search, Sort, sorted } from "./search";

export const metadata: Metadata = {
  title: "Models and prices",
  description: "Every model that OneKey serves, with the provider’s list price, without markup.",
  alternates: { canonical: "/models" },
};

const kinds = {
  text: "Text",
  embedding: "Embedding",
  image: "Image",
  speech: "Speech",
  transcription: "Transcription",
  moderation: "Moderation",
  decision: "Decision",
} satisfies Record<Search["kind"], string>;

const sortNames: Record<Sort, string> = {
  provider: "Provider, newest",
  name: "Name",
  context: "Context",
  input: "Input price",
  cached: "Cached input price",
  output: "Output price",
};

export default async function ModelsPage({ searchParams }: PageProps<"/models">) {
  const search = Search.parse(await searchParams);
  const models = pricedModels();
  const found = sorted(matching(models, search), search);
  const ofKind = models.filter((model) => model.kind === search.kind).length;
  const noun = `${kinds[search.kind].toLowerCase()} ${ofKind === 1 ? "model" : "models"}`;
  // A search, or an order of one's own, looks at all of them alike.
  const whole = search.q !== "" || search.sort !== "provider" || search.ability !== "any";
  const current = whole ? found : found.filter((model) => model.status === "current");
  const older = whole ? [] : found.filter((model) => model.status !== "current");
  return (
    <SitePage current="models">
      <div className="wrap">
        <PageHead title="Models and prices">
          The provider’s list price in US dollars per million tokens, without markup. One credit is
          one dollar. A model without a price is refused, never guessed.
        </PageHead>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5 pb-24">
          <search className="flex flex-wrap items-center gap-2">
            <Form action="/models" replace scroll={false} id="filters" className="contents">
              <SubmitOnChange form="filters" q={search.q} />
              <div className="max-w-80 flex-[1_1_220px] max-md:max-w-none max-md:basis-full">
                <Input
                  type="search"
                  name="q"
                  defaultValue={search.q}
                  maxLength={80}
                  aria-label="Search models"
                  placeholder={`Search ${ofKind} ${noun}`}
                  before={<SearchIcon aria-hidden="true" />}
                />
              </div>
              {search.provider === "all" ? null : (
                <input type="hidden" name="provider" value={search.provider} />
              )}
              {search.order === "asc" ? null : (
                <input type="hidden" name="order" value={search.order} />
              )}
            </Form>
            <SegmentedLinks
              label="Provider"
              options={["all", ...providerIds()].map((provider) => ({
                href: addressOf({ ...search, provider }),
                label: provider === "all" ? "All" : providerName(provider),
                current: provider === search.provider,
              }))}
            />
            <NativeSelect
              label="Kind"
              name="kind"
              form="filters"
              value={search.kind}
              options={ModelKind.options.map((kind) => ({ value: kind, label: kinds[kind] }))}
              className="max-md:flex-[1_1_40%]"
            />
            <NativeSelect
              label="Ability"
              name="ability"
              form="filters"
              value={search.ability}
              options={[
                { value: "any", label: "Any" },
                ...ABILITIES.map((ability) => ({ value: ability, label: abilityNames[ability] })),
              ]}
              className="max-md:flex-[1_1_40%]"
            />
            <NativeSelect
              label="Sort"
              name="sort"
              form="filters"
              value={search.sort}
              options={Sort.options.map((sort) => ({ value: sort, label: sortNames[sort] }))}
              className="max-md:flex-[1_1_40%]"
            />
            <Button type="submit" form="filters" className="hidden noscript:inline-flex">
              Search
            </Button>
          </search>
          <p role="status" className="sr-only">
            {found.length} of {ofKind} {noun}
          </p>
          {found.length === 0 ? (
            <Empty title={ofKind === 0 ? `No ${noun} in the catalog` : "No model matches"}>
              {ofKind === 0
                ? "A model appears here once the catalog has a price for it."
                : "Search looks in names, ids and providers. Clear it, or choose another provider."}
            </Empty>
          ) : (
            <>
              <CopyOnClick />
              <ModelTable models={current} search={search} />
              {older.length === 0 ? null : (
                <details open={current.length === 0}>
                  <summary className="w-fit text-sm text-muted hover:text-text">
                    {older.length} older{" "}
                    {older.length === 1
                      ? "model that is still served"
                      : "models that are still served"}
                  </summary>
                  <div className="mt-3">
                    <ModelTable models={older} search={search} />
                  </div>
                </details>
              )}
            </>
          )}
          <p className="max-w-prose text-base text-muted">
            The second line of a price applies to the complete request once its input is above the
            number under Context. A dash means the provider does not offer it or publishes no
            figure. Prices as of {pricesAsOf()}.{" "}
            <Link href="/models/changes" className="link">
              What changed, and what is announced
            </Link>
          </p>
        </div>
      </div>
    </SitePage>
  );
}
