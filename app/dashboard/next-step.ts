import type { NextStep } from "@/components/billing/next-step";
import { listKeys } from "@/lib/keys/queries";
import { isAllowed } from "@/lib/teams/permissions";
import type { AccountMember } from "@/lib/auth/member";
import { firstRow } from "@/lib/usage/activity";

/** What a buyer does with new credits: create the key that spends them, send the first request, or go on. */
export async function nextStep({
  account,
  role,
}: Pick<AccountMember, "account" | "role">): Promise<NextStep> {
  const [keys, row] = await Promise.all([listKeys({ account }), firstRow(account._id)]);
  const { requests: freeRequests } = account.free;
  const free =
    freeRequests > 0
      ? ` ${freeRequests === 1 ? "The free request is" : `The ${freeRequests} free requests are`} used first.`
      : "";
  const hasKey = keys.some(({ live }) => live.length > 0);
  const [project] = account.projects;
  if (!hasKey && isAllowed(role, "projects:manage"))
    return {
      text: "Nothing can spend these credits yet, because the account has no key.",
      label: "Create a key",
      href:
        project === undefined
          ? "/dashboard/projects/new"
          : row === null
            ? "/dashboard"
            : `/dashboard/projects/${project.id}/keys/new`,
    };
  if (row === null)
    return hasKey
      ? {
          text: `Your key can spend these credits now.${free}`,
          label: "Send the first request",
          href: "/dashboard",
        }
      : {
          text: "The account has no key yet. A developer, an admin or an owner of the team creates one.",
          label: "Overview",
          href: "/dashboard",
        };
  return {
    text: `Requests can spend these credits now.${free}`,
    label: "Overview",
    href: "/dashboard",
  };
}
