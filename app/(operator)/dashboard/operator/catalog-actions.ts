"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { formAction } from "@/app/dashboard/form-action";
import { requireOperatorAction } from "@/lib/auth/operator";
import { applyCertain } from "@/lib/maintenance/catalog-check/apply";
import { checkCatalog } from "@/lib/maintenance/catalog-check/run";

const NoFields = z.object({});

export const checkCatalogAction = formAction({
  schema: NoFields,
  authorize: requireOperatorAction,
  run: async () => {
    await checkCatalog();
    refreshOperatorPages();
    return {};
  },
});

/** Applies the retirement dates that providers state; the audit log names the operator. */
export const applyRetirementsAction = formAction({
  schema: NoFields,
  authorize: requireOperatorAction,
  run: async (operator) => {
    await applyCertain({ by: operator._id });
    refreshOperatorPages();
    return {};
  },
});

const refreshOperatorPages = () => revalidatePath("/dashboard/operator", "layout");
