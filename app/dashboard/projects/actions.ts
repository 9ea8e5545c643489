"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { setLimits } from "@/lib/accounts/limits";
import {
  createProject,
  deleteProject,
  renameProject,
  setExactStreamUsage,
} from "@/lib/accounts/projects";
import { ProjectName, type Account } from "@/lib/accounts/schema";
import { changesBetween } from "@/lib/audit-log/changes";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";
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
  run: async (account, { name }) => {
    const { id } = await auditedByPerson(account, "project.created", async (note) => {
      const project = await createProject({ accountId: account._id, name });
      note({ target: { id: project.id, name: project.name, projectId: project.id } });
      return project;
    });
    refreshDashboard();
    redirect(`/dashboard/projects/${id}`);
  },
});

export const renameProjectAction = formAction({
  schema: NewProject.extend(ProjectTarget.shape),
  run: async (account, { projectId, name }) => {
    const before = targetOf(account, projectId);
    await auditedByPerson(
      account,
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
  run: async (account, { projectId, exact }) => {
    const isOn = exact === "on";
    await auditedByPerson(
      account,
      "project.usage_mode_changed",
      async (note) => {
        await setExactStreamUsage({ accountId: account._id, projectId, isOn });
        note({
          changes: [
            { name: "Exact usage", before: isOn ? "off" : "on", after: isOn ? "on" : "off" },
          ],
        });
      },
      targetOf(account, projectId),
    );
    refreshDashboard();
    return {};
  },
});

export const deleteProjectAction = formAction({
  schema: ProjectTarget,
  run: async (account, { projectId }) => {
    await auditedByPerson(
      account,
      "project.deleted",
      () => deleteProject({ accountId: account._id, projectId }),
      targetOf(account, projectId),
    );
    refreshDashboard();
    redirect("/dashboard/projects");
  },
});

export const setLimitsAction = formAction({
  schema: LimitsForm.extend(ProjectTarget.shape),
  run: async (account, { projectId, ...limits }) => {
    await auditedByPerson(
      account,
      "limits.changed",
      async (note) => {
        const before = await setLimits({ accountId: account._id, projectId, limits });
        note({ changes: changesBetween(before, limits) });
      },
      targetOf(account, projectId),
    );
    refreshDashboard();
    redirect(`/dashboard/projects/${projectId}`);
  },
});

const refreshDashboard = () => revalidatePath("/dashboard", "layout");
