import { AppError } from "@/lib/errors";
import { choose, isGuarded, type HoldPlan, type HoldRequest } from "./plan";
import { invalidKey, refuseIfLimited } from "./refusals";
import type { Account, Project } from "./schema";
import { readAccount } from "./seen-accounts";
import { monthOf } from "./windows";

export type HoldPreview = {
  account: Account;
  project: Project;
  /** The request with its closest maximum: counted by the tokenizer where that decides. */
  request: HoldRequest;
  /** The hold that the request would get now; null where it would be refused. */
  plan: HoldPlan | null;
  refusal: AppError | null;
};

/**
 * What placeHold would do with a request now, without doing it. The state is read once, so that the next moment may differ.
 * Throws invalid_key and forbidden for the address; what else would refuse the request is returned.
 */
export async function previewHold(asked: HoldRequest): Promise<HoldPreview> {
  const account = await readAccount(asked.digest);
  const project = account?.projects.find(({ key }) => key?.digest === asked.digest);
  if (!account || !project) throw invalidKey();
  const now = { account, project: withOpenMonth({ project, now: asked.now }) };
  let request = asked;
  let plan = choose({ ...now, request });
  if (request.refine && (!plan || plan.allCredits || plan.allMonth)) {
    const { refine, ...rest } = request;
    request = { ...rest, ...(await refine()) };
    plan = choose({ ...now, request });
  }
  const refusal = refusalOf({ ...now, request });
  const isRefused = refusal !== null || isGuarded({ project, request });
  return { ...now, request, plan: isRefused ? null : plan, refusal };
}

/** A month that is over, or not opened yet, is opened by the next hold. */
function withOpenMonth({ project, now }: { project: Project; now: number }): Project {
  const limit = project.limits.creditsPerMonth;
  const at = monthOf(now);
  if (limit === undefined || (project.month && project.month.at >= at)) return project;
  return { ...project, month: { at, left: limit } };
}

function refusalOf(state: {
  account: Account;
  project: Project;
  request: HoldRequest;
}): AppError | null {
  const { account, project, request } = state;
  const projects = account.projects.map((each) => (each.id === project.id ? project : each));
  try {
    refuseIfLimited({ account: { ...account, projects }, request });
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code !== "invalid_key") return error;
    throw error;
  }
}
