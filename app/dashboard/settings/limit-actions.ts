"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { setAccountLimits } from "@/lib/accounts/limits";
import { muteAlerts } from "@/lib/accounts/mute-alerts";
import { LimitAlertKind } from "@/lib/accounts/schema";
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

/** Switches one kind of alert on or off. */
export const setLimitAlertsAction = formAction({
  schema: z.object({ setting: LimitAlertKind, on: z.literal("on").optional() }),
  authorize: may("limits:manage"),
  run: async (member, { setting: kind, on }) => {
    const isMuted = on === undefined;
    await auditedByPerson(member, "limit_alerts.changed", async (note) => {
      await muteAlerts({ accountId: member.account._id, kind, isMuted });
      const name = kind === "threshold" ? "At 50, 80 and 100%" : "Spike";
      const [before, after] = isMuted ? ["on", "off"] : ["off", "on"];
      note({ changes: [{ name, before: before ?? null, after: after ?? null }] });
    });
    revalidatePath("/dashboard", "layout");
    return {};
  },
});
