"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { KeyName } from "@/lib/keys/schema";
import { createManagementKey } from "@/lib/management-keys/create";
import { rotateManagementKey } from "@/lib/management-keys/rotate";
import { revokeManagementKey } from "@/lib/management-keys/revoke";
import { ManagementScope, type ManagementKey } from "@/lib/management-keys/schema";
import { auditedByPerson, personOf } from "../../audited";
import { OVERLAP_WORDS } from "../../overlaps";
import { formAction } from "../../form-action";
import { may } from "../../may";
import { addressList } from "../../projects/limits-form";

const PAGE = "/dashboard/settings/management-keys";
const DAY_MS = 86_400_000;
const authorize = may("integrations:manage", PAGE);

const NewKey = z.object({
  name: KeyName,
  scopes: z.union([ManagementScope.transform((scope) => [scope]), z.array(ManagementScope)], {
    error: "Choose at least one scope.",
  }),
  expires: z.enum(["never", "90", "365"]).default("never"),
  addresses: addressList,
});
const targetOf = ({ _id, name }: ManagementKey) => ({ id: _id, name });

/** Creates a management key. The result is all that ever contains the complete key. */
export const createManagementKeyAction = formAction({
  schema: NewKey,
  authorize,
  run: async (member, { name, scopes, expires, addresses }) => {
    const { account } = member;
    const { key, secret } = await auditedByPerson(
      member,
      "management_key.created",
      async (note) => {
        const newKey = await createManagementKey({
          accountId: account._id,
          name,
          scopes,
          creator: personOf(member.user),
          expiresAt:
            expires === "never" ? undefined : new Date(Date.now() + Number(expires) * DAY_MS),
          addresses,
        });
        const changes = [{ name: "Scopes", before: null, after: newKey.key.scopes.join(", ") }];
        note({ target: targetOf(newKey.key), changes });
        return newKey;
      },
    );
    revalidatePath(PAGE);
    return { secret, name: key.name };
  },
});

/** Gives a management key a new secret; the old one works for the chosen time more. */
export const rotateManagementKeyAction = formAction({
  schema: z.object({
    keyId: z.string().max(64),
    overlap: z.enum(["none", "hour", "day", "week"]),
    expected: z.string().max(64),
  }),
  authorize,
  run: async (member, { keyId, overlap, expected: expectedPreview }) => {
    const { account } = member;
    const rotation = { accountId: account._id, keyId, overlap, expected: expectedPreview };
    const { secret, key } = await auditedByPerson(
      member,
      "management_key.rotated",
      async (note) => {
        const newKey = await rotateManagementKey(rotation);
        note({
          target: targetOf(newKey.key),
          changes: [
            { name: "Key", before: expectedPreview, after: newKey.key.preview },
            { name: "The old key works", before: null, after: OVERLAP_WORDS[overlap] },
          ],
        });
        return newKey;
      },
    );
    revalidatePath(PAGE);
    return { secret, name: key.name };
  },
});

export const revokeManagementKeyAction = formAction({
  schema: z.object({ keyId: z.string().max(64) }),
  authorize,
  run: async (member, { keyId }) => {
    const { account } = member;
    await auditedByPerson(member, "management_key.revoked", async (note) =>
      note({ target: targetOf(await revokeManagementKey({ accountId: account._id, keyId })) }),
    );
    revalidatePath(PAGE);
    return {};
  },
});
