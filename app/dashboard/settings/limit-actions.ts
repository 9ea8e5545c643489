"use server";

import { revalidatePath } from "next/cache";
import { setAccountLimits } from "@/lib/accounts/limits";
import { changesBetween } from "@/lib/audit-log/changes";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";
import { may } from "../may";
import { AccountLimitsForm } from "../projects/limits-form";

export const setAccountLimitsAction = formAction({
  schema: AccountLimitsForm,
  authorize: may("limits:manage"),
  run: async (member, limits) => {
    const { account } = member;
    await auditedByPerson(member, "limits.changed", async (note) => {
      const before = await setAccountLimits({ accountId: account._id, limits });
      note({ changes: changesBetween(before, limits) });
    });
    revalidatePath("/dashboard", "layout");
    return {};
  },
});
