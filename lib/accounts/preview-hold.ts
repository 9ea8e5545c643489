import { AppError } from "@/lib/errors";
import { capStates, limitedScopes, type CapState } from "./caps";
import { invalidKey } from "./key-rules";
import { limitUses } from "./open-caps";
import { choose, isGuarded, type HoldPlan, type HoldRequest } from "./plan";
import { refuseIfLimited } from "./refusals";
import type { Account, Project } from "./schema";
import { readKey, type KeyScope } from "./seen-accounts";

export type HoldPreview = {
  account: Account;
  project: Project;
  /** The request with its closest maximum: counted by the tokenizer where that decides. */
  request: HoldRequest;
  /** The hold that the request would get now; null where it would be refused. */
  plan: HoldPlan | null;
  refusal: AppError | null;
  /** The limits that the request is under, as the next hold would open them. */
  caps: CapState[];
};

/**
 * What placeHold would do with a request now, without doing it. The state is read once, so that the next moment may differ.
 * Throws invalid_key and forbidden for the address; what else would refuse the request is returned.
 */
export async function previewHold(originalRequest: HoldRequest): Promise<HoldPreview> {
  const scope = await readKey(originalRequest.digest);
  if (!scope) throw invalidKey();
  const { account, project } = scope;
  const caps = await openedCaps(scope, originalRequest.now);
  let request = originalRequest;
  let plan = choose({ scope, caps, request });
  if (request.refine && (!plan || plan.allCredits)) {
    const { refine, ...holdRequest } = request;
    request = { ...holdRequest, ...(await refine()) };
    plan = choose({ scope, caps, request });
  }
  const refusal = refusalOf({ scope, caps, request });
  const isRefused = refusal !== null || isGuarded({ project, request });
  return { account, project, request, plan: isRefused ? null : plan, refusal, caps };
}

/** The caps of a key's limits as the next hold would open them. */
async function openedCaps(scope: KeyScope, now: number): Promise<CapState[]> {
  const { account } = scope;
  const states = await Promise.all(
    limitedScopes(scope).map(async (limitedScope) => {
      const uses = await limitUses({ account, scope: limitedScope, now });
      return capStates({ caps: account.caps, scope: limitedScope, now }).map((state) => {
        const usage = uses.find(({ window }) => window === state.window)?.used ?? 0;
        return { ...state, cap: { id: state.id, left: state.limit - usage } };
      });
    }),
  );
  return states.flat();
}

function refusalOf(state: {
  scope: KeyScope;
  caps: CapState[];
  request: HoldRequest;
}): AppError | null {
  try {
    refuseIfLimited(state);
    return null;
  } catch (error) {
    if (error instanceof AppError && error.code !== "invalid_key") return error;
    throw error;
  }
}
