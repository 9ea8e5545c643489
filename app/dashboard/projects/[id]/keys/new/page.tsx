import type { Metadata } from "next";
import { KeyForm } from "@/components/dashboard/key-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { publicAddress } from "../../../../../public-address";
import { createKeyAction } from "../../../key-actions";
import { projectNotes } from "../../../limit-texts";
import { modelGroups } from "../../../model-groups";
import { ownProject } from "../../../project";

export const metadata: Metadata = { title: "New key" };

export default async function NewKeyPage({
  params,
}: PageProps<"/dashboard/projects/[id]/keys/new">) {
  const { id } = await params;
  const { project } = await ownProject(id, `/dashboard/projects/${id}/keys/new`, "projects:manage");
  return (
    <>
      <PageHeader
        title={`Create a key for ${project.name}`}
        line="The key is shown once, on the next step."
        back={{ href: `/dashboard/projects/${id}`, name: project.name }}
      />
      <KeyForm
        action={createKeyAction}
        target={{ name: "projectId", value: id }}
        values={{ name: "", addresses: "", models: [], limits: {} }}
        notes={projectNotes(project.limits)}
        groups={modelGroups(project.models)}
        back={`/dashboard/projects/${id}`}
        baseUrl={`${await publicAddress()}/v1`}
        submit="Create key"
      />
    </>
  );
}
