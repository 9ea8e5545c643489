import type { Metadata } from "next";
import { PageHead, SitePage } from "@/components/site/page";
import { ModelList } from "./model-list";
import { ModelSearch } from "./search";

export const metadata: Metadata = {
  title: "Models and prices",
  description: "Every model that OneKey serves, with the provider’s list price, without markup.",
  alternates: { canonical: "/models" },
};

export default async function ModelsPage({ searchParams }: PageProps<"/models">) {
  const search = ModelSearch.parse(await searchParams);
  return (
    <SitePage current="models">
      <div className="wrap">
        <PageHead title="Models and prices">
          The provider’s list price in US dollars per million tokens, without markup. One credit is
          one dollar. A model without a price is refused, never guessed.
        </PageHead>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5 pb-24">
          <ModelList search={search} path="/models" />
        </div>
      </div>
    </SitePage>
  );
}
