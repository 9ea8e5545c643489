"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { Account } from "@/lib/accounts/schema";
import { createKey } from "@/lib/keys/create";
import { getKey, listLiveKeys } from "@/lib/keys/queries";
import { FIRST_KEY_NAME } from "@/lib/keys/regenerate";
import { endOverlap, revokeKey } from "@/lib/keys/revoke";
import { rotateKey } from "@/lib/keys/rotate";
import type { Creator } from "@/lib/keys/schema";
import { updateKey } from "@/lib/keys/update";
import { AppError } from "@/lib/errors";
import { formAction } from "../form-action";
import { KeyForm } from "./key-form-schema";

const ProjectTarget = z.object({ projectId: z.string().max(64) });
const KeyTarget = z.object({ keyId: z.string().max(64) });

const creatorOf = ({ _id, name, email }: Account): Creator => ({
  kind: "person",
  id: _id,
  name: name === "" ? email : name,
});

/** Creates a project's first key without a question. The result is all that ever contains the complete key. */
export const createFirstKeyAction = formAction({
  schema: ProjectTarget,
  run: async (account, { projectId }) => {
    const live = await listLiveKeys({ accountId: account._id, projectId });
    if (live.length > 0)
      throw new AppError(
        "bad_request",
        "The project has a key already. Reload the page to see it.",
      );
    const { secret, key } = await createKey({
      accountId: account._id,
      projectId,
      name: FIRST_KEY_NAME,
      creator: creatorOf(account),
    });
    refreshDashboard();
    return { secret, name: key.name };
  },
});

export const createKeyAction = formAction({
  schema: KeyForm.and(ProjectTarget),
  run: async (account, { projectId, expiresAt, ...fields }) => {
    const { secret, key } = await createKey({
      accountId: account._id,
      projectId,
      ...fields,
      expiresAt: expiresAt ?? undefined,
      creator: creatorOf(account),
    });
    refreshDashboard();
    return { secret, name: key.name };
  },
});

export const updateKeyAction = formAction({
  schema: KeyForm.and(KeyTarget),
  run: async (account, { keyId, name, expiresAt, models, addresses }) => {
    const { after } = await updateKey({
      accountId: account._id,
      keyId,
      changes: { name, expiresAt, models: models ?? null, addresses: addresses ?? null },
    });
    refreshDashboard();
    redirect(`/dashboard/projects/${after.projectId}`);
  },
});

/** Gives a key a new secret; the old one works for the chosen time more. */
export const rotateKeyAction = formAction({
  schema: KeyTarget.extend({
    overlap: z.enum(["none", "hour", "day", "week"]),
    expected: z.string().max(64),
  }),
  run: async (account, { keyId, overlap, expected: expectedPreview }) => {
    const rotation = { accountId: account._id, keyId, overlap, expected: expectedPreview };
    const { secret, key } = await rotateKey(rotation);
    refreshDashboard();
    return { secret, name: key.name };
  },
});

export const endOverlapAction = formAction({
  schema: KeyTarget,
  run: async (account, { keyId }) => {
    await endOverlap({ accountId: account._id, keyId });
    refreshDashboard();
    return {};
  },
});

export const revokeKeyAction = formAction({
  schema: KeyTarget,
  run: async (account, { keyId }) => {
    const { key } = await getKey({ account, keyId });
    await revokeKey({ accountId: account._id, keyId });
    refreshDashboard();
    return { name: key.name };
  },
});

const refreshDashboard = () => revalidatePath("/dashboard", "layout");
