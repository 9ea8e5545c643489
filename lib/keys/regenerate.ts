import type { Account } from "@/lib/accounts/schema";
import { AppError } from "@/lib/errors";
import { keyAccounts } from "./collection";
import { createKey } from "./create";
import { listKeys, type KeyState } from "./queries";
import { revokeKey } from "./revoke";
import { rotateKey } from "./rotate";
import type { ApiKey, Creator } from "./schema";

type ProjectKey = { accountId: string; projectId: string };

/** The name of a project's first key where nobody gave it one. */
export const FIRST_KEY_NAME = "default";

/**
 * Gives a project one new key and returns its secret, the only time it is readable: the secret of its newest key is replaced
 * immediately; a project without a key gets one. With `expected`, the preview of the key that is to be replaced ("" for
 * none), another one that was made meanwhile stays.
 */
export async function regenerateKey({
  accountId,
  projectId,
  expected: expectedPreview,
  creator,
}: ProjectKey & { expected?: string; creator?: Creator }): Promise<string> {
  const { key, live } = (await liveKeys({ accountId, projectId }))[0] ?? { key: null, live: [] };
  const preview = live.at(-1)?.preview ?? "";
  if (expectedPreview !== undefined && preview !== expectedPreview) throw changedElsewhere();
  if (key === null) {
    const name = FIRST_KEY_NAME;
    return (await createKey({ accountId, projectId, name, creator })).secret;
  }
  const rotation = { accountId, keyId: key._id, overlap: "none" as const, expected: preview };
  return (await rotateKey(rotation)).secret;
}

/** Revokes all keys of a project, each by `record`, which may keep it in the audit log. */
export async function revokeProjectKeys(
  project: ProjectKey,
  record: (key: ApiKey, work: () => Promise<unknown>) => Promise<unknown> = (_key, work) => work(),
): Promise<void> {
  const { accountId } = project;
  for (const { key } of await liveKeys(project))
    await record(key, () => revokeKey({ accountId, keyId: key._id }));
}

async function liveKeys({ accountId, projectId }: ProjectKey): Promise<KeyState[]> {
  const account: Account | null = await keyAccounts.findOne({ _id: accountId });
  if (!account?.projects.some(({ id }) => id === projectId))
    throw new AppError("not_found", "There is no such project.");
  const states = await listKeys({ account, projectId });
  return states.filter(({ live }) => live.length > 0);
}

const changedElsewhere = () =>
  new AppError(
    "bad_request",
    "The key was changed meanwhile, in another window: look at it before you replace it.",
  );
