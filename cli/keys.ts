import { createProject } from "@/lib/accounts/projects";
import { findByProject } from "@/lib/accounts/queries";
import type { Account } from "@/lib/accounts/schema";
import type { AuditResult } from "@/lib/audit-log/record";
import type { AuditType } from "@/lib/audit-log/schema";
import { AppError } from "@/lib/errors";
import { listKeys } from "@/lib/keys/queries";
import { regenerateKey, revokeProjectKeys } from "@/lib/keys/regenerate";
import type { ApiKey } from "@/lib/keys/schema";
import { auditedWithEvents } from "@/lib/webhooks/announce";
import type { CommandResult } from "./commands";
import type { CommandOptions } from "./options";

/** Makes a change by the operator and keeps it in the customer's audit log, with its events. */
const auditedByOperator = <T>(
  accountId: string,
  type: AuditType,
  work: (note: (result: AuditResult) => void) => Promise<T>,
): Promise<T> =>
  auditedWithEvents(
    {
      accountId,
      type,
      actor: { kind: "operator", id: null, name: "OneKey" },
      address: "",
      client: "",
    },
    work,
  );

const targetOf = ({ _id: id, name, projectId }: ApiKey) => ({ id, name, projectId });

/** Creates a project with a key. */
export async function createProjectKey(
  { _id: accountId }: Account,
  options: CommandOptions,
): Promise<CommandResult> {
  const project = await auditedByOperator(accountId, "project.created", async (note) => {
    const { id, name } = await createProject({
      accountId,
      name: options.name ?? options.project ?? "Project",
    });
    note({ target: { id, name, projectId: id } });
    return id;
  });
  return regenerateProjectKey(project);
}

/** Replaces the secret of a project's newest key, or creates its first key. */
export async function regenerateProjectKey(projectId: string): Promise<CommandResult> {
  const account = await accountOf(projectId);
  const accountId = account._id;
  const hasKey = (await listKeys({ account, projectId })).some(({ live }) => live.length > 0);
  const type = hasKey ? "key.rotated" : "key.created";
  const key = await auditedByOperator(accountId, type, async (note) => {
    const secret = await regenerateKey({ accountId, projectId });
    const states = await listKeys({ account: await accountOf(projectId), projectId });
    const newest = states.find(({ live }) => live.length > 0);
    if (newest) note({ target: targetOf(newest.key) });
    return secret;
  });
  return {
    data: { account: accountId, project: projectId, key },
    lines: [`project  ${projectId}`, `key      ${key}`],
  };
}

/** Revokes every key of a project. */
export async function revokeKeysOf(projectId: string): Promise<CommandResult> {
  const { _id: accountId } = await accountOf(projectId);
  await revokeProjectKeys({ accountId, projectId }, (key, work) =>
    auditedByOperator(accountId, "key.revoked", async (note) => {
      await work();
      note({ target: targetOf(key) });
    }),
  );
  return { data: { project: projectId, revoked: true }, lines: [`${projectId}  revoked`] };
}

async function accountOf(projectId: string): Promise<Account> {
  const account = await findByProject(projectId);
  if (!account) throw new AppError("not_found", "There is no such project.");
  return account;
}
