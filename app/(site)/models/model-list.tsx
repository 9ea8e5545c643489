import { Search as SearchIcon } from "lucide-react";
import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { CopyOnClick } from "@/components/ui/copy-on-click";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { SubmitOnChange } from "@/components/ui/submit-on-change";
import { ModelKind } from "@/lib/catalog/schema";
import { providerIds, providerName } from "@/lib/providers";
import { ABILITIES, abilityNames, pricedModels, pricesAsOf } from "../../catalog";
import { ModelTable } from "./model-table";
import { addressOf, matching, SortOrder, sorted, type ModelSearch } from "./search";

const kinds = {
  text: "Text",
  embedding: "Embedding",
  image: "Image",
  speech: "Speech",
  transcription: "Transcription",
  decision: "Decision",
  moderation: "Moderation",
} satisfies Record<ModelSearch["kind"], string>;

const sortNames: Record<SortOrder, string> = {
  provider: "Provider, newest",
  name: "Name",
  context: "Context",
  input: "Input price",
  cached: "Cached input price",
  output: "Output price",
};

/** The models that match a search, with its controls; `path` is the page that it is on. */
export function ModelList({ search, path }: { search: ModelSearch; path: string }) {
  const models = pricedModels();
  const results = sorted(matching(models, search), search);
  const ofKind = models.filter((model) => model.kind === search.kind).length;
  const noun = `${kinds[search.kind].toLowerCase()} ${ofKind === 1 ? "model" : "models"}`;
  // A search or a chosen order treats all of them alike.
  const isFiltered = search.q !== "" || search.sort !== "provider" || search.ability !== "any";
  const current = isFiltered ? results : results.filter((model) => model.status === "current");
  const older = isFiltered ? [] : results.filter((model) => model.status !== "current");
  return (
    <>
      <search className="flex flex-wrap items-center gap-2">
        <Form action={path} replace scroll={false} id="filters" className="contents">
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
            href: addressOf({ ...search, provider }, path),
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
          options={SortOrder.options.map((sort) => ({ value: sort, label: sortNames[sort] }))}
          className="max-md:flex-[1_1_40%]"
        />
        <Button type="submit" form="filters" className="hidden noscript:inline-flex">
          Search
        </Button>
      </search>
      <p role="status" className="sr-only">
        {results.length} of {ofKind} {noun}
      </p>
      {results.length === 0 ? (
        <Empty title={ofKind === 0 ? `No ${noun} in the catalog` : "No model matches"}>
          {ofKind === 0
            ? "A model appears here once the catalog has a price for it."
            : "Search looks in names, ids and providers. Clear it, or choose another provider."}
        </Empty>
      ) : (
        <>
          <CopyOnClick />
          <ModelTable models={current} search={search} path={path} />
          {older.length === 0 ? null : (
            <details open={current.length === 0}>
              <summary className="w-fit text-sm text-muted hover:text-text">
                {older.length} older{" "}
                {older.length === 1 ? "model that is still served" : "models that are still served"}
              </summary>
              <div className="mt-3">
                <ModelTable models={older} search={search} path={path} />
              </div>
            </details>
          )}
        </>
      )}
      <p className="max-w-prose text-base text-muted">
        The second line of a price applies to the complete request once its input is above the
        number under Context. A dash means the provider does not offer it or publishes no figure.
        Prices as of {pricesAsOf()}.{" "}
        <Link href="/models/changes" className="link">
          What changed, and what is announced
        </Link>
      </p>
    </>
  );
}
