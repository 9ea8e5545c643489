"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { setLimits } from "@/lib/accounts/limits";
import { createProject, renameProject } from "@/lib/accounts/projects";
import { ProjectName, type Account } from "@/lib/accounts/schema";
import { changesBetween } from "@/lib/audit-log/changes";
import { dashboardPath } from "@/lib/auth/member";
import { deleteRecordedProject } from "@/lib/webhooks/delete-project";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";
import { may } from "../may";
import { changeExactUsage } from "./exact-usage";
import { LimitsForm } from "./limits-form";

const NewProject = z.object({ name: ProjectName });
const ProjectTarget = z.object({ projectId: z.string().max(64) });

/** The project as an entry of the audit log names it. */
const targetOf = ({ projects }: Account, projectId: string) => ({
  id: projectId,
  name: projects.find(({ id }) => id === projectId)?.name ?? "",
  projectId,
});

export const createProjectAction = formAction({
  schema: NewProject,
  authorize: may("projects:manage"),
  run: async (member, { name }) => {
    const { account } = member;
    const { id } = await auditedByPerson(member, "project.created", async (note) => {
      const project = await createProject({ accountId: account._id, name });
      note({ target: { id: project.id, name: project.name, projectId: project.id } });
      return project;
    });
    refreshDashboard();
    redirect(await dashboardPath(`/dashboard/projects/${id}`));
  },
});

export const renameProjectAction = formAction({
  schema: NewProject.extend(ProjectTarget.shape),
  authorize: may("projects:manage"),
  run: async (member, { projectId, name }) => {
    const { account } = member;
    const before = targetOf(account, projectId);
    await auditedByPerson(
      member,
      "project.renamed",
      async (note) => {
        await renameProject({ accountId: account._id, projectId, name });
        note({ changes: changesBetween({ name: before.name }, { name }) });
      },
      before,
    );
    refreshDashboard();
    return { name };
  },
});

export const setExactUsageAction = formAction({
  schema: ProjectTarget.extend({ exact: z.literal("on").optional() }),
  authorize: may("projects:manage"),
  run: async (member, { projectId, exact }) => {
    await changeExactUsage(member, { projectId, isOn: exact === "on" });
    refreshDashboard();
    return {};
  },
});

export const deleteProjectAction = formAction({
  schema: ProjectTarget,
  authorize: may("projects:manage"),
  run: async (member, { projectId }) => {
    const { account } = member;
    await deleteRecordedProject({
      account,
      projectId,
      record: (type, target, work) => auditedByPerson(member, type, work, target),
    });
    refreshDashboard();
    redirect(await dashboardPath("/dashboard/projects"));
  },
});

export const setLimitsAction = formAction({
  schema: LimitsForm.extend(ProjectTarget.shape),
  authorize: may("projects:manage"),
  run: async (member, { projectId, ...limits }) => {
    const { account } = member;
    await auditedByPerson(
      member,
      "limits.changed",
      async (note) => {
        const before = await setLimits({ accountId: account._id, projectId, limits });
        note({ changes: changesBetween(before, limits) });
      },
      targetOf(account, projectId),
    );
    refreshDashboard();
    redirect(await dashboardPath(`/dashboard/projects/${projectId}?saved=limits`));
  },
});

const refreshDashboard = () => revalidatePath("/dashboard", "layout");
