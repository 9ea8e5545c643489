"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { accountPath } from "@/lib/account-path";
import { createTeam } from "@/lib/auth/teams";
import { requireUser } from "@/lib/auth/session";
import { auditedByPerson } from "../audited";
import { formAction } from "../form-action";

export const createTeamAction = formAction({
  schema: z.object({ name: z.string().max(200) }),
  authorize: () => requireUser("/dashboard/new-team"),
  run: async (user, { name }) => {
    const account = await createTeam({ user, name });
    const target = { id: account._id, name: account.name };
    await auditedByPerson({ account, user }, "team.created", async () => {}, target);
    redirect(accountPath(account._id, "/dashboard/settings/team"));
  },
});
