import { deleteProject, projectMissing } from "@/lib/accounts/projects";
import type { Account } from "@/lib/accounts/schema";
import type { AuditEntry, AuditType } from "@/lib/audit-log/schema";
import { listKeys } from "@/lib/keys/queries";

/** Does work and keeps it in the audit log under whoever does it, with its events. */
type RecordChange = (
  type: AuditType,
  target: NonNullable<AuditEntry["target"]>,
  work: () => Promise<void>,
) => Promise<void>;

/**
 * Deletes a project. The audit log keeps that and the end of each key that worked until then, and each is an event. Every entry is
 * written before the project is deleted, so that none is missing when the process dies. Throws not_found.
 */
export async function deleteRecordedProject(input: {
  account: Account;
  projectId: string;
  record: RecordChange;
}): Promise<void> {
  const { account, projectId, record } = input;
  const project = account.projects.find(({ id }) => id === projectId);
  if (!project) throw projectMissing();
  const keys = (await listKeys({ account, projectId })).filter(({ live }) => live.length > 0);
  const deletion = keys.reduce(
    (work, { key: { _id: id, name } }) =>
      () =>
        record("key.revoked", { id, name, projectId }, work),
    () => deleteProject({ accountId: account._id, projectId }),
  );
  await record("project.deleted", { id: projectId, name: project.name, projectId }, deletion);
}
