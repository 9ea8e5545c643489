import { KEYS_MAX, type Limits } from "@/lib/accounts/schema";
import * as clock from "@/lib/clock";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { digestOf, newId, newKey, previewOf } from "@/lib/ids";
import { keys } from "./collection";
import { changeKeyList } from "./key-list";
import { listKeys } from "./queries";
import { checkRules } from "./rules";
import { KeyName, type ApiKey, type Creator } from "./schema";

export type NewKey = {
  accountId: string;
  projectId: string;
  name: string;
  creator?: Creator | undefined;
  expiresAt?: Date | undefined;
  models?: string[] | undefined;
  addresses?: string[] | undefined;
  limits?: Limits | undefined;
  now?: number;
};

/** A key with its complete secret, which is readable only in this result. */
export type IssuedKey = { key: ApiKey; secret: string };

/**
 * Creates a key of a project. Throws bad_request for a name that is not one or is taken in the project, forbidden for a
 * suspended account or one with KEYS_MAX live keys, and not_found for a project that is not the account's.
 */
export async function createKey(input: NewKey): Promise<IssuedKey> {
  const {
    accountId,
    projectId,
    creator,
    expiresAt,
    models,
    addresses,
    limits,
    now = clock.now(),
  } = input;
  const name = checkedKeyName(input.name);
  checkRules({ expiresAt, models, addresses, now });
  const secret = newKey();
  const digest = digestOf(secret, env().keyPepper);
  const createdAt = new Date(now);
  const key: ApiKey = {
    _id: newId("key"),
    accountId,
    projectId,
    name,
    createdAt,
    ...(creator ? { creator } : {}),
    secrets: [{ digest, preview: previewOf(secret), createdAt }],
    ...(expiresAt ? { expiresAt } : {}),
    ...(models ? { models } : {}),
    ...(addresses ? { addresses } : {}),
    ...(limits && Object.keys(limits).length > 0 ? { limits } : {}),
    version: 1,
  };
  // Before the account names it, so that a key that works always has its rules.
  await keys.insertOne(key);
  try {
    await changeKeyList({
      accountId,
      now,
      change: async ({ digests, expiries }, account) => {
        if (!account.projects.some(({ id }) => id === projectId))
          throw new AppError("not_found", "There is no such project.");
        if (account.suspendedAt) throw suspendedGetsNone();
        const states = await listKeys({ account, projectId, now });
        if (states.some(({ key, live }) => live.length > 0 && key.name === name))
          throw nameTaken(name);
        if (digests.length >= KEYS_MAX) throw tooManyKeys();
        const end = expiresAt ? [{ digest, at: expiresAt.getTime() }] : [];
        return { digests: [...digests, digest], expiries: [...expiries, ...end] };
      },
    });
  } catch (error) {
    if (error instanceof AppError) await keys.deleteOne({ _id: key._id });
    throw error;
  }
  return { key, secret };
}

export const suspendedGetsNone = () =>
  new AppError(
    "forbidden",
    "The account is suspended: it gets no key until the operator lifts that.",
  );

export const tooManyKeys = () =>
  new AppError("forbidden", `An account has at most ${KEYS_MAX} keys in use. Revoke one first.`);

export const nameTaken = (name: string) =>
  new AppError("bad_request", `The project has a key named "${name}". Choose another name.`, {
    param: "name",
  });

export function checkedKeyName(name: string): string {
  const parseResult = KeyName.safeParse(name);
  if (parseResult.success) return parseResult.data;
  throw new AppError("bad_request", parseResult.error.issues[0]?.message ?? "That is not a name.", {
    param: "name",
  });
}
