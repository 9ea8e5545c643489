"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { FormState } from "@/components/dashboard/form-state";
import { regenerateKey, revokeKey } from "@/lib/accounts/keys";
import { setLimits } from "@/lib/accounts/limits";
import { createProject, deleteProject, renameProject } from "@/lib/accounts/projects";
import { ProjectName } from "@/lib/accounts/schema";
import { act } from "../form-action";
import { LimitsForm } from "./limits-form";

const Id = z.string().max(64);
const Named = z.object({ name: ProjectName });
const OfProject = z.object({ projectId: Id });

export async function create(_: FormState, form: FormData): Promise<FormState> {
  return act(Named, form, async (account, { name }) => {
    const { id } = await createProject({ accountId: account._id, name });
    revalidatePath("/dashboard", "layout");
    redirect(`/dashboard/projects/${id}`);
  });
}

export async function rename(_: FormState, form: FormData): Promise<FormState> {
  return act(Named.extend({ projectId: Id }), form, async (account, { projectId, name }) => {
    await renameProject({ accountId: account._id, projectId, name });
    revalidatePath("/dashboard", "layout");
    return { name };
  });
}

export async function remove(_: FormState, form: FormData): Promise<FormState> {
  return act(OfProject, form, async (account, { projectId }) => {
    await deleteProject({ accountId: account._id, projectId });
    revalidatePath("/dashboard", "layout");
    redirect("/dashboard/projects");
  });
}

/** Makes a key, or another in place of the one there is. The answer is the only time that the key is readable. */
export async function makeKey(
  _: FormState<{ secret: string }>,
  form: FormData,
): Promise<FormState<{ secret: string }>> {
  return act(
    OfProject.extend({ expected: z.string().max(64) }),
    form,
    async (account, { projectId, expected }) => {
      const secret = await regenerateKey({ accountId: account._id, projectId, expected });
      revalidatePath("/dashboard", "layout");
      return { secret };
    },
  );
}

export async function revoke(_: FormState, form: FormData): Promise<FormState> {
  return act(OfProject, form, async (account, { projectId }) => {
    await revokeKey({ accountId: account._id, projectId });
    revalidatePath("/dashboard", "layout");
    return {};
  });
}

export async function limit(_: FormState, form: FormData): Promise<FormState> {
  return act(
    LimitsForm.extend({ projectId: Id }),
    form,
    async (account, { projectId, ...limits }) => {
      await setLimits({ accountId: account._id, projectId, limits });
      revalidatePath("/dashboard", "layout");
      redirect(`/dashboard/projects/${projectId}`);
    },
  );
}
