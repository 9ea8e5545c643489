import { z } from "zod";
import type { LinkProblem } from "@/lib/auth/linking";
import { problems } from "@/lib/auth/problems";
import { LinkedMethod } from "@/lib/users/schema";

/** Why a sign-in method was not linked: what happened and what to do. */
export const linkProblems: Record<LinkProblem, string> = {
  ...problems,
  cancelled: "You canceled at the provider. Nothing was linked.",
  mismatch:
    "The response did not belong to a linking that this browser began in the last 15 minutes. Nothing was linked. Try again.",
  failed: "Linking failed on our side. Nothing was linked. Try again.",
  session: "Another session began this linking, or it has ended. Nothing was linked. Try again.",
  "other-person": "This Google or GitHub account signs in another person. Nothing was linked.",
};

const problemNames = Object.keys(linkProblems) as [LinkProblem, ...LinkProblem[]];

/** What the settings page's URL says of a linking. Invalid values count as missing. */
export const LinkSearch = z.object({
  link_linked: LinkedMethod.shape.provider.optional().catch(undefined),
  link_problem: z.enum(problemNames).optional().catch(undefined),
});
export type LinkSearch = z.infer<typeof LinkSearch>;
