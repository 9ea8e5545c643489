"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { setAccountLimits } from "@/lib/accounts/limits";
import { setAlertEmails } from "@/lib/accounts/settings";
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

/** Turns the emails of limit, spike and low-balance alerts on or off. */
export const setAlertEmailsAction = formAction({
  schema: z.object({ on: z.literal("on").optional().catch(undefined) }),
  authorize: may("limits:manage"),
  run: async (member, { on }) => {
    const { account } = member;
    const isOn = on !== undefined;
    await auditedByPerson(member, "alert.changed", async (note) => {
      await setAlertEmails({ accountId: account._id, isOn });
      const before = { alertEmails: account.alertEmails !== false };
      note({ changes: changesBetween(before, { alertEmails: isOn }) });
    });
    revalidatePath("/dashboard/settings", "layout");
    return { notice: isOn ? "Saved." : "Saved. No alert is mailed." };
  },
});
