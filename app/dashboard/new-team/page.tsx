import type { Metadata } from "next";
import { NameForm } from "@/components/dashboard/name-form";
import { PageHeader } from "@/components/dashboard/page-header";
import { requireUser } from "@/lib/auth/session";
import { createTeamAction } from "./actions";

export const metadata: Metadata = { title: "New team" };

export default async function NewTeamPage() {
  await requireUser("/dashboard/new-team");
  return (
    <>
      <PageHeader
        title="Create a team"
        line="A team is a separate account: several people, each with a role, on one balance."
      />
      <NameForm
        action={createTeamAction}
        help="1 to 60 characters. People whom you invite see it."
        submit="Create team"
        busyLabel="Creating"
        primary
      />
      <ul className="grid max-w-prose list-disc gap-1.5 pl-5 text-muted">
        <li>You are its owner. Invite others on the next page.</li>
        <li>It has projects, keys and credits that are separate from your personal account.</li>
        <li>It has no free requests. Add credits to begin.</li>
      </ul>
    </>
  );
}
