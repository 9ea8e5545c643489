"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { dismissNotices } from "@/lib/catalog/notices/record";
import { formAction } from "./form-action";
import { may } from "./may";

const NoticeIds = z.object({
  ids: z
    .union([z.string().transform((id) => [id]), z.array(z.string())])
    .transform((ids) => ids.slice(0, 100)),
});

export const dismissNoticesAction = formAction({
  schema: NoticeIds,
  authorize: may("projects:manage"),
  run: async (member, { ids }) => {
    const { account } = member;
    await dismissNotices({ accountId: account._id, ids });
    revalidatePath("/dashboard", "layout");
    return {};
  },
});
