"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { setExactUsageOfNewProjects } from "@/lib/accounts/settings";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";
import { may } from "../may";
import { changeExactUsage } from "../projects/exact-usage";

const on = z.literal("on").optional();

/** Switches one project's exact stream usage; `setting` is the project's id. */
export const setProjectExactUsageAction = formAction({
  schema: z.object({ setting: z.string().max(64), on }),
  authorize: may("projects:manage"),
  run: async (member, { setting: projectId, on }) => {
    await changeExactUsage(member, { projectId, isOn: on !== undefined });
    revalidatePath("/dashboard", "layout");
    return {};
  },
});

/** Switches whether new projects begin with exact stream usage. */
export const setDefaultExactUsageAction = formAction({
  schema: z.object({ on }),
  authorize: may("account:manage"),
  run: async (member, { on }) => {
    const isOn = on !== undefined;
    const [before, after] = isOn ? ["off", "on"] : ["on", "off"];
    await auditedByPerson(member, "project.default_usage_mode_changed", async (note) => {
      await setExactUsageOfNewProjects({ accountId: member.account._id, isOn });
      note({ changes: [{ name: "Exact usage", before: before ?? null, after: after ?? null }] });
    });
    revalidatePath("/dashboard", "layout");
    return {};
  },
});
