"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import type { FormState } from "@/components/dashboard/form-state";
import { dismissNotices } from "@/lib/catalog/notices/record";
import { act } from "./form-action";

const Ids = z.object({
  ids: z
    .union([z.string().transform((id) => [id]), z.array(z.string())])
    .transform((ids) => ids.slice(0, 100)),
});

export async function dismiss(_: FormState, form: FormData): Promise<FormState> {
  return act(Ids, form, async (account, { ids }) => {
    await dismissNotices({ accountId: account._id, ids });
    revalidatePath("/dashboard", "layout");
    return {};
  });
}
