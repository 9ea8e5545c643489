import type { Metadata } from "next";
import { LimitsForm } from "@/components/dashboard/limits-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { usedOf } from "@/lib/accounts/limits";
import { listModels } from "@/lib/catalog/queries";
import { formatCents, formatDay, formatMonth, splitUsd } from "@/lib/format";
import { providerIds, providerName } from "@/lib/providers";
import { setLimitsAction } from "../../actions";
import { ownProject } from "../../project";

export const metadata: Metadata = { title: "Limits" };

export default async function LimitsPage({ params }: PageProps<"/dashboard/projects/[id]/limits">) {
  const { id } = await params;
  const { account, project, now } = await ownProject(id, `/dashboard/projects/${id}/limits`);
  const { requestsPerMinute, creditsPerMonth } = project.limits;
  const groups = providerIds().map((provider) => ({
    provider: providerName(provider),
    models: listModels()
      .filter((model) => model.provider === provider)
      .map((model) => ({ id: model.id, name: model.name })),
  }));
  return (
    <>
      <PageHeader
        title={`Limits of ${project.name}`}
        line="Limits apply immediately on every server. A request over a limit is rejected and costs nothing."
        back={{ href: `/dashboard/projects/${id}`, name: project.name }}
      />
      <LimitsForm
        action={setLimitsAction}
        projectId={id}
        values={{
          requestsPerMinute: requestsPerMinute?.toString() ?? "",
          creditsPerMonth: creditsPerMonth === undefined ? "" : dollarText(creditsPerMonth),
          addresses: project.addresses?.join("\n") ?? "",
          origins: project.origins?.join("\n") ?? "",
          models: project.models ?? [],
          priceGuard: project.priceGuard !== undefined,
        }}
        monthSoFar={`By the calendar month, in UTC. ${formatCents(usedOf({ account, project, now }))} of ${formatMonth(new Date(now))} is already charged or held and counts. Free requests do not count.`}
        guardDay={project.priceGuard ? formatDay(new Date(project.priceGuard.at)) : null}
        groups={groups}
      />
    </>
  );
}

function dollarText(nano: number): string {
  const { dollars, part: decimals } = splitUsd(nano, 2);
  return `${dollars}.${decimals}`;
}
