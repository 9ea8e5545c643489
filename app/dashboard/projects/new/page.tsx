import type { Metadata } from "next";
import { NameForm } from "@/components/dashboard/name-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { requireMember } from "@/lib/auth/member";
import { createProjectAction } from "../actions";

export const metadata: Metadata = { title: "New project" };

export default async function NewProjectPage() {
  await requireMember("projects:manage", "/dashboard/projects/new");
  return (
    <>
      <PageHeader
        title="New project"
        line="A project has one key, separate limits, and separate usage."
        back={{ href: "/dashboard/projects", name: "Projects" }}
      />
      <NameForm
        action={createProjectAction}
        help="Only you see this name. It is not sent to a provider, and you can change it later."
        submit="Create project"
        busyLabel="Creating"
        primary
      />
    </>
  );
}
