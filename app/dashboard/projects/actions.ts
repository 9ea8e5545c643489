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
import { ProjectName } from "@/lib/accounts/schema";
import { formAction } from "../form-action";
import { LimitsForm } from "./limits-form";

const NewProject = z.object({ name: ProjectName });
const ProjectTarget = z.object({ projectId: z.string().max(64) });

export const createProjectAction = formAction({
  schema: NewProject,
  run: async (account, { name }) => {
    const { id } = await createProject({ accountId: account._id, name });
    refreshDashboard();
    redirect(`/dashboard/projects/${id}`);
  },
});

export const renameProjectAction = formAction({
  schema: NewProject.extend(ProjectTarget.shape),
  run: async (account, { projectId, name }) => {
    await renameProject({ accountId: account._id, projectId, name });
    refreshDashboard();
    return { name };
  },
});

export const setExactUsageAction = formAction({
  schema: ProjectTarget.extend({ exact: z.literal("on").optional() }),
  run: async (account, { projectId, exact }) => {
    await setExactStreamUsage({ accountId: account._id, projectId, isOn: exact === "on" });
    refreshDashboard();
    return {};
  },
});

export const deleteProjectAction = formAction({
  schema: ProjectTarget,
  run: async (account, { projectId }) => {
    await deleteProject({ accountId: account._id, projectId });
    refreshDashboard();
    redirect("/dashboard/projects");
  },
});

export const setLimitsAction = formAction({
  schema: LimitsForm.extend(ProjectTarget.shape),
  run: async (account, { projectId, ...limits }) => {
    await setLimits({ accountId: account._id, projectId, limits });
    refreshDashboard();
    redirect(`/dashboard/projects/${projectId}`);
  },
});

const refreshDashboard = () => revalidatePath("/dashboard", "layout");
