"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { answer } from "@/app/dashboard/form-action";
import type { FormState } from "@/components/dashboard/form-state";
import { requireOperatorAct } from "@/lib/auth/operator";
import { applyCertain } from "@/lib/maintenance/catalog-check/apply";
import { checkCatalog } from "@/lib/maintenance/catalog-check/run";

const Nothing = z.object({});

export async function checkNow(_: FormState, form: FormData): Promise<FormState> {
  await requireOperatorAct();
  return answer(Nothing, form, async () => {
    await checkCatalog();
    refresh();
    return {};
  });
}

/** Applies the retirement dates that providers state, in the name of the operator. */
export async function applyEnds(_: FormState, form: FormData): Promise<FormState> {
  const operator = await requireOperatorAct();
  return answer(Nothing, form, async () => {
    await applyCertain({ by: operator._id });
    refresh();
    return {};
  });
}

const refresh = () => revalidatePath("/dashboard/operator", "layout");
