"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { dashboardPath, type AccountMember } from "@/lib/auth/member";
import { changesBetween } from "@/lib/audit-log/changes";
import { createKey, type NewKey } from "@/lib/keys/create";
import { listLiveKeys } from "@/lib/keys/queries";
import { FIRST_KEY_NAME } from "@/lib/keys/regenerate";
import { endOverlap, revokeKey } from "@/lib/keys/revoke";
import { rotateKey } from "@/lib/keys/rotate";
import type { ApiKey } from "@/lib/keys/schema";
import { updateKey } from "@/lib/keys/update";
import { AppError } from "@/lib/errors";
import { publicAddress } from "../../public-address";
import { firstModels } from "../first-models";
import { auditedByPerson, personOf } from "../audited";
import { OVERLAP_WORDS } from "../overlaps";
import { formAction } from "../form-action";
import { may } from "../may";
import { KeyForm } from "./key-form-schema";

const ProjectTarget = z.object({ projectId: z.string().max(64) });
const KeyTarget = z.object({ keyId: z.string().max(64) });

/** The key as an entry of the audit log names it. */
const targetOf = ({ _id, name, projectId }: ApiKey) => ({ id: _id, name, projectId });

/** What of a key an entry of the audit log compares. */
const rulesOf = ({ name, expiresAt, models, addresses, limits }: ApiKey) => ({
  name,
  expiresAt,
  models,
  addresses,
  ...limits,
});

/** Creates a key by the person who is signed in. The result is all that ever contains the complete key. */
async function createByPerson(
  member: AccountMember,
  details: Omit<NewKey, "accountId" | "creator">,
) {
  const { account } = member;
  const newKey = await auditedByPerson(member, "key.created", async (note) => {
    const { key, secret } = await createKey({
      ...details,
      accountId: account._id,
      creator: personOf(member.user),
    });
    note({ target: targetOf(key), changes: changesBetween({}, { ...rulesOf(key), name: null }) });
    return { key, secret };
  });
  refreshDashboard();
  const { key, secret } = newKey;
  const project = account.projects.find(({ id }) => id === key.projectId);
  return {
    secret,
    name: key.name,
    first: {
      keyId: key._id,
      projectId: key.projectId,
      at: key.createdAt.getTime(),
      address: await publicAddress(),
      models: firstModels({ models: key.models ?? project?.models }),
    },
  };
}

/** Creates a project's first key without a question. */
export const createFirstKeyAction = formAction({
  schema: ProjectTarget,
  authorize: may("projects:manage"),
  run: async (member, { projectId }) => {
    const { account } = member;
    const live = await listLiveKeys({ accountId: account._id, projectId });
    if (live.length > 0)
      throw new AppError(
        "bad_request",
        "The project has a key already. Reload the page to see it.",
      );
    return createByPerson(member, { projectId, name: FIRST_KEY_NAME });
  },
});

export const createKeyAction = formAction({
  schema: KeyForm.and(ProjectTarget),
  authorize: may("projects:manage"),
  run: (member, { expiresAt, ...details }) =>
    createByPerson(member, { ...details, expiresAt: expiresAt ?? undefined }),
});

export const updateKeyAction = formAction({
  schema: KeyForm.and(KeyTarget),
  authorize: may("projects:manage"),
  run: async (member, { keyId, name, expiresAt, models, addresses, limits }) => {
    const { account } = member;
    const projectId = await auditedByPerson(member, "key.changed", async (note) => {
      const { before, after } = await updateKey({
        accountId: account._id,
        keyId,
        changes: {
          name,
          expiresAt,
          models: models ?? null,
          addresses: addresses ?? null,
          limits,
        },
      });
      note({ target: targetOf(after), changes: changesBetween(rulesOf(before), rulesOf(after)) });
      return after.projectId;
    });
    refreshDashboard();
    redirect(await dashboardPath(`/dashboard/projects/${projectId}?saved=key`));
  },
});

/** Gives a key a new secret; the old one works for the chosen time more. */
export const rotateKeyAction = formAction({
  schema: KeyTarget.extend({
    overlap: z.enum(["none", "hour", "day", "week"]),
    expected: z.string().max(64),
  }),
  authorize: may("projects:manage"),
  run: async (member, { keyId, overlap, expected: expectedPreview }) => {
    const { account } = member;
    const rotation = { accountId: account._id, keyId, overlap, expected: expectedPreview };
    const { secret, key } = await auditedByPerson(member, "key.rotated", async (note) => {
      const newKey = await rotateKey(rotation);
      const preview = newKey.key.secrets.at(-1)?.preview ?? null;
      note({
        target: targetOf(newKey.key),
        changes: [
          { name: "Key", before: expectedPreview, after: preview },
          { name: "The old key works", before: null, after: OVERLAP_WORDS[overlap] },
        ],
      });
      return newKey;
    });
    refreshDashboard();
    return { secret, name: key.name };
  },
});

export const endOverlapAction = formAction({
  schema: KeyTarget,
  authorize: may("projects:manage"),
  run: async (member, { keyId }) => {
    const { account } = member;
    await auditedByPerson(member, "key.overlap_ended", async (note) =>
      note({ target: targetOf(await endOverlap({ accountId: account._id, keyId })) }),
    );
    refreshDashboard();
    return {};
  },
});

export const revokeKeyAction = formAction({
  schema: KeyTarget,
  authorize: may("projects:manage"),
  run: async (member, { keyId }) => {
    const { account } = member;
    await auditedByPerson(member, "key.revoked", async (note) =>
      note({ target: targetOf(await revokeKey({ accountId: account._id, keyId })) }),
    );
    refreshDashboard();
    return {};
  },
});

const refreshDashboard = () => revalidatePath("/dashboard", "layout");
