import { findById } from "@/lib/accounts/queries";
import type { AuditDetails } from "@/lib/audit-log/record";
import { AppError } from "@/lib/errors";
import { listKeys } from "@/lib/keys/queries";
import { rotateKey } from "@/lib/keys/rotate";
import { auditedWithEvents } from "@/lib/webhooks/announce";

/** A key with its new secret, which is readable only here, or why it has none. */
export type RotatedKey = { name: string } & ({ secret: string } | { problem: string });

/**
 * Gives every working key that a person created a new secret; the former ones work for 24 hours more. Each is in the audit log. A
 * key that cannot be rotated, such as in an account with as many secrets as it may have, stays as it is and says why.
 */
export async function rotateKeysOf(
  input: { accountId: string; userId: string } & Pick<AuditDetails, "actor" | "address" | "client">,
): Promise<RotatedKey[]> {
  const { accountId, userId, ...origin } = input;
  const account = await findById(accountId);
  const states = account ? await listKeys({ account }) : [];
  const ownKeys = states.filter(
    ({ key, live }) =>
      live.length > 0 && key.creator?.kind === "person" && key.creator.id === userId,
  );
  const rotatedKeys: RotatedKey[] = [];
  for (const { key } of ownKeys) {
    const { _id: keyId, name, projectId, secrets } = key;
    const rotation = auditedWithEvents(
      { accountId, type: "key.rotated", target: { id: keyId, name, projectId }, ...origin },
      async (note) => {
        const newKey = await rotateKey({ accountId, keyId, overlap: "day" });
        const before = secrets.at(-1)?.preview ?? null;
        const after = newKey.key.secrets.at(-1)?.preview ?? null;
        note({
          changes: [
            { name: "Key", before, after },
            { name: "The old key works", before: null, after: "24 hours" },
          ],
        });
        return newKey.secret;
      },
    );
    rotatedKeys.push({
      name,
      ...(await rotation.then(
        (secret) => ({ secret }),
        (error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          return { problem: error.message };
        },
      )),
    });
  }
  return rotatedKeys;
}
