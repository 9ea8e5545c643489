import type { Metadata } from "next";
import { PageHeader } from "@/components/dashboard/page-header";
import { dashboardPath, requireMember } from "@/lib/auth/member";
import { ModelList } from "../../(site)/models/model-list";
import { ModelSearch } from "../../(site)/models/search";

export const metadata: Metadata = { title: "Models" };

/** The public list of models within the dashboard's frame. */
export default async function DashboardModelsPage({
  searchParams,
}: PageProps<"/dashboard/models">) {
  await requireMember("usage:view", "/dashboard/models");
  return (
    <>
      <PageHeader
        title="Models"
        line="The provider’s list price in US dollars per million tokens, without markup."
      />
      <ModelList
        search={ModelSearch.parse(await searchParams)}
        path={await dashboardPath("/dashboard/models")}
      />
    </>
  );
}
