import { capStates } from "../caps";
import { openCaps } from "../open-caps";
import { findById } from "../queries";
import type { CapWindow } from "../schema";

/** What is left of a project's limit, after it was counted as the next request would; undefined without a limit. */
export async function leftOf(input: {
  accountId: string;
  projectId: string;
  window: CapWindow;
  now: number;
}): Promise<number | undefined> {
  const { accountId, projectId, window, now } = input;
  const read = async () => {
    const account = await findById(accountId);
    const project = account?.projects.find(({ id }) => id === projectId);
    if (!account || !project) return [];
    const { name, limits } = project;
    const scope = { scope: projectId, kind: "project" as const, name, limits };
    return capStates({ caps: account.caps, scope, now }).filter((state) => state.window === window);
  };
  await openCaps({ accountId, states: await read(), now });
  const [state] = await read();
  return state?.cap?.left;
}
