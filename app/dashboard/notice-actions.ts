"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { dismissNotices } from "@/lib/catalog/notices/record";
import { formAction } from "./form-action";

const NoticeIds = z.object({
  ids: z
    .union([z.string().transform((id) => [id]), z.array(z.string())])
    .transform((ids) => ids.slice(0, 100)),
});

export const dismissNoticesAction = formAction({
  schema: NoticeIds,
  run: async (account, { ids }) => {
    await dismissNotices({ accountId: account._id, ids });
    revalidatePath("/dashboard", "layout");
    return {};
  },
});
