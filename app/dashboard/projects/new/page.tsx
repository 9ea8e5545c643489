import type { Metadata } from "next";
import { NameForm } from "@/components/dashboard/name-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { requireAccount } from "@/lib/auth/session";
import { createProjectAction } from "../actions";

export const metadata: Metadata = { title: "New project" };

export default async function NewProjectPage() {
  await requireAccount("/dashboard/projects/new");
  return (
    <>
      <PageHeader
        title="New project"
        line="A project has one key, limits of its own, and its own lines in your usage."
        back={{ href: "/dashboard/projects", name: "Projects" }}
      />
      <NameForm
        action={createProjectAction}
        help="For you alone: it is not sent to a provider. You can rename it."
        submit="Create project"
        busyLabel="Creating"
        primary
      />
    </>
  );
}
