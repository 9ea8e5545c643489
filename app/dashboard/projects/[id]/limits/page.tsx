import type { Metadata } from "next";
import { LimitsForm } from "@/components/dashboard/limits-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { formatDay } from "@/lib/format";
import { setLimitsAction } from "../../actions";
import { limitTexts, usedNotes } from "../../limit-texts";
import { modelGroups } from "../../model-groups";
import { ownProject } from "../../project";

export const metadata: Metadata = { title: "Limits" };

export default async function LimitsPage({ params }: PageProps<"/dashboard/projects/[id]/limits">) {
  const { id } = await params;
  const { account, project, now } = await ownProject(
    id,
    `/dashboard/projects/${id}/limits`,
    "projects:manage",
  );
  const { name, limits } = project;
  const scope = { scope: id, kind: "project" as const, name, limits };
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
          limits: limitTexts(limits),
          addresses: project.addresses?.join("\n") ?? "",
          origins: project.origins?.join("\n") ?? "",
          models: project.models ?? [],
          priceGuard: project.priceGuard !== undefined,
        }}
        notes={await usedNotes({ account, scope, now })}
        guardDay={project.priceGuard ? formatDay(new Date(project.priceGuard.at)) : null}
        groups={modelGroups()}
      />
    </>
  );
}
