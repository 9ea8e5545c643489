import { setExactStreamUsage } from "@/lib/accounts/projects";
import type { AccountMember } from "@/lib/auth/member";
import { auditedByPerson } from "../audited";

/** Switches the exact stream usage of one of the member's projects, and keeps it in the audit log. Throws not_found. */
export async function changeExactUsage(
  member: AccountMember,
  { projectId, isOn }: { projectId: string; isOn: boolean },
): Promise<void> {
  const { _id: accountId, projects } = member.account;
  const name = projects.find(({ id }) => id === projectId)?.name ?? "";
  const [before, after] = isOn ? ["off", "on"] : ["on", "off"];
  await auditedByPerson(
    member,
    "project.usage_mode_changed",
    async (note) => {
      await setExactStreamUsage({ accountId, projectId, isOn });
      note({ changes: [{ name: "Exact usage", before: before ?? null, after: after ?? null }] });
    },
    { id: projectId, name, projectId },
  );
}
